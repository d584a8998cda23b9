% The same coins as they are: tied in 7 of 10 pairs.
nn(coin, [X], Y, [0, 1]) :: coin(X, Y).
0.7 :: tied.

pair(A, B) :- tied, coin(A, X), coin(B, X).
pair(A, B) :- \+ tied, coin(A, X), coin(B, Y), X \= Y.

query(pair(x1, x2)).
