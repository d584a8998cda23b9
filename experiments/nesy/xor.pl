% Exclusive or of two images of bits.
nn(bit, [X], Y, [0, 1]) :: bit(X, Y).

xor(A, B, 1) :- bit(A, X), bit(B, Y), X \= Y.
xor(A, B, 0) :- bit(A, X), bit(B, X).

query(xor(x1, x2, Z)).
