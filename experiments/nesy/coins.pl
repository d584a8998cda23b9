% Two coins, of which images show the side. They are tied together or they are not: how often they are is
% learned from pairs that have come up, START at a half.
nn(coin, [X], Y, [0, 1]) :: coin(X, Y).
t(0.5) :: tied.

pair(A, B) :- tied, coin(A, X), coin(B, X).
pair(A, B) :- \+ tied, coin(A, X), coin(B, Y), X \= Y.

query(pair(x1, x2)).
