% Three digits and the order they are in: which comes first, second and third. Of equal ones the
% leftmost comes first.
nn(digit, [X], Y, [0..9]) :: digit(X, Y).

order(A, B, C, Order) :-
    digit(A, X), digit(B, Y), digit(C, Z),
    msort([X-1, Y-2, Z-3], [_-P, _-Q, _-R]),
    Order = [P, Q, R].

query(order(x1, x2, x3, Order)).
