% Numbers of several digits, the lowest first: column by column, with the carry to the next.
nn(digit, [X], Y, [0..9]) :: digit(X, Y).

addition(As, Bs, Cs) :- column(As, Bs, 0, Cs).

column([], [], Carry, [C]) :- digit(C, Carry).
column([A | As], [B | Bs], Carry, [C | Cs]) :-
    digit(A, X), digit(B, Y),
    Sum is X + Y + Carry, Z is Sum mod 10, Next is Sum // 10,
    digit(C, Z),
    column(As, Bs, Next, Cs).
