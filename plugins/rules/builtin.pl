% builtin.pl - what rules may call beyond their own predicates: comparisons, arithmetic, lists.

built_in(G) :- callable(G), functor(G, F, A), built_in(F, A).
built_in(F, 2) :- compares(F), !.
built_in(F, 2) :- memberchk(F, [is, =, \=, ==, \==, @<, @>, @=<, @>=]).
built_in(F, 1) :- memberchk(F, [integer, number, atom, atomic, var, nonvar, ground, is_list]).
built_in(F, 2) :- memberchk(F, [member, memberchk, length, msort, sort, sum_list, sumlist, max_list, min_list,
                                last, reverse, permutation]).
built_in(F, 3) :- memberchk(F, [between, append, nth0, nth1, select, numlist, delete]).
built_in(succ, 2).
built_in(plus, 3).

compares(F) :- memberchk(F, [<, >, =<, >=, =:=, =\=]).

run(X is E) :- !, value(E, X0), X = X0.
run(G) :- G =.. [F, A, B], compares(F), !,
    value(A, X),
    value(B, Y),
    Now =.. [F, X, Y],
    call(Now).
run(G) :- call(G).

wrong(E, G, Line) :-
    (   E = resource_error(_) -> throw(error(E, _))
    ;   E = gedi(Format, Arguments) -> format(string(Why), Format, Arguments)
    ;   E = instantiation_error -> Why = "a variable has no value yet"
    ;   E = type_error(T, X0), kind(T, Kind)
    ->  ( T == evaluable, X0 = F/0 -> X = F ; X = X0 ),
        shown(X, Text),
        format(string(Why), "~w is not ~w", [Text, Kind])
    ;   E = evaluation_error(W), undefined(W, Why) -> true
    ;   Why = "it has no value"
    ),
    fail_at(Line, "~w: ~w", [G, Why]).

kind(integer, "a whole number").
kind(list, "a list").
kind(not_less_than_zero, "0 or more").
kind(float, "a number").
kind(evaluable, "a number").

undefined(zero_divisor, "division by zero").
undefined(float_overflow, "its value is too large").

% ---- arithmetic: numbers have a limit, and nothing depends on chance or time ----

value(E, _) :- var(E), !, throw(error(instantiation_error, _)).
value(E, E) :- number(E), !, small(E).
value([E], X) :- !, value(E, X).
value(E, X) :-
    (   callable(E), functor(E, F, A), arithmetic(A, Fs), memberchk(F, Fs)
    ->  true
    ;   shown(E, Text),
        throw(error(gedi("~w is no number", [Text]), _))
    ),
    E =.. [_ | Es],
    maplist(value, Es, Xs),
    moderate(F, Xs),
    Now =.. [F | Xs],
    X is Now,
    small(X).

arithmetic(0, [pi, e]).
arithmetic(1, [-, +, abs, sign, sqrt, exp, log, log2, sin, cos, tan, asin, acos, atan, floor, ceiling,
               round, truncate, integer, float, \]).
arithmetic(2, [+, -, *, /, //, mod, rem, div, min, max, **, ^, <<, >>, /\, \/, xor, gcd, atan2]).

% Of those functions whose result can be of any length.
moderate(F, [_, N]) :- memberchk(F, [**, ^, <<, >>]), integer(N), abs(N) > 4096, !, too_long.
moderate(_, _).

small(X) :- integer(X), X =\= 0, msb(abs(X)) >= 4096, !, too_long.
small(X) :- rational(X), \+ integer(X), !, throw(error(gedi("fractions are written A / B", []), _)).
small(_).

too_long :- throw(error(gedi("a number of more than 4096 bits", []), _)).
