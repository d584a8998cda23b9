% How many of the images show a one: odd or even?
nn(bit, [X], Y, [0, 1]) :: bit(X, Y).

parity([], 0).
parity([X | Xs], P) :- parity(Xs, Q), bit(X, B), P is (B + Q) mod 2.

query(parity([x1, x2, x3], P)).
