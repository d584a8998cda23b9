% A Sudoku of 4 x 4: sixteen images, row by row, of the digits 1 to 4. No digit is twice in a row, a
% column or a square.
nn(digit, [X], Y, [1, 2, 3, 4]) :: digit(X, Y).

sudoku([A1, A2, A3, A4, B1, B2, B3, B4, C1, C2, C3, C4, D1, D2, D3, D4]) :-
    all_different([A1, A2, A3, A4]), all_different([B1, B2, B3, B4]),
    all_different([C1, C2, C3, C4]), all_different([D1, D2, D3, D4]),
    all_different([A1, B1, C1, D1]), all_different([A2, B2, C2, D2]),
    all_different([A3, B3, C3, D3]), all_different([A4, B4, C4, D4]),
    all_different([A1, A2, B1, B2]), all_different([A3, A4, B3, B4]),
    all_different([C1, C2, D1, D2]), all_different([C3, C4, D3, D4]).

all_different([]).
all_different([X | Xs]) :- differs(Xs, X), all_different(Xs).

differs([], _).
differs([Y | Ys], X) :- \+ same(X, Y), differs(Ys, X).

same(X, Y) :- digit(X, D), digit(Y, D).

query(sudoku([x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16])).
