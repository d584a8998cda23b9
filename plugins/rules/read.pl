% read.pl - from the text of rules to the terms that ground.pl interprets; and what is said of mistakes.

% ---- messages ----

% A text or a number as it is; of another term what is needed to know it by.
fail_at(Line, Format, Arguments) :-
    maplist(shown, Arguments, Shown),
    format(string(Message), Format, Shown),
    throw(gedi(Line, Message)).

shown(X, X) :- ( string(X) ; number(X) ), !.
shown(T, Text) :-
    copy_term(T, Copy),
    term_variables(Copy, Vs),
    maplist(=('$VAR'('_')), Vs),
    with_output_to(string(All), write_term(Copy, [quoted(true), numbervars(true), max_depth(40),
                                                  module(gedi_rules)])),
    (   sub_string(All, 60, _, 0, _)
    ->  sub_string(All, 0, 57, _, Start),
        string_concat(Start, "...", Text)
    ;   Text = All
    ).

% ---- the file ----

read_program(Text) :-
    setup_call_cleanup(open_string(Text, S), read_clauses(S), close(S)).

read_clauses(S) :-
    repeat,
    catch(read_term(S, T, [term_position(P), module(gedi_rules), syntax_errors(error),
                           double_quotes(codes), back_quotes(codes), cycles(false)]),
          error(syntax_error(Why), Where), syntax(S, Where, Why)),
    stream_position_data(line_count, P, Line),
    stream_position_data(char_count, P, At),
    kept(T, S, Line, At), !.

% Fails until the end.
kept(T, S, Line, _) :- T == end_of_file, !,
    (   at_end_of_stream(S)
    ->  true
    ;   fail_at(Line, "end_of_file. stands before the end: nothing after it would be read", [])
    ).
kept(T, _, Line, At) :- charge(T), keep(T, Line, At), !, fail.

% A comment that is never closed has no place of its own.
syntax(S, Where, Why) :-
    ( Where = stream(_, Line, _, _), Line > 0 -> true ; line_count(S, Line) ),
    syntax_at(Line, Why).

syntax_at(Line, Why) :-
    ( words(Why, Text) -> true ; Text = "this cannot be read" ),
    fail_at(Line, "syntax: ~w", [Text]).

words(end_of_clause, "the clause ends where something is missing").
words(end_of_clause_expected, "a full stop is missing, or a bracket is closed that was never opened").
words(end_of_file, "the text ends within a clause: is a full stop missing?").
words(end_of_file_in_quoted(_), "a quotation mark is never closed").
words(end_of_file_in_block_comment, "a comment, /*, is never closed").
words(cannot_start_term, "a bracket or comma stands where it cannot: is one too many, or one missing?").
words(illegal_start_of_term, "a bracket or comma stands where it cannot: is one too many, or one missing?").
words(quoted_punctuation, "a comma or bracket stands where a term is missing").
words(operator_expected, "something is missing: a comma, a full stop, a closing bracket or an operator").
words(operator_balance, "an operator has nothing on one of its sides").
words(operator_clash, "two operators cannot follow one another: set brackets").
words(list_rest, "a list has one tail: [A, B | Rest]").
words(float_overflow, "a number is too large").
words(float_underflow, "a number is too close to 0").
words(illegal_number, "a number is not written as one").
words(illegal_character, "a character that means nothing here").
words(undefined_char_escape(C), Text) :-
    format(string(Text), "\\~w means nothing in quotes: write \\\\ for a backslash", [C]).
words(unknown_quasi_quotation_syntax(_, _), "{|...|} is not read").

% ---- its clauses ----

keep(T, Line, _) :- var(T), !, fail_at(Line, "a variable stands where a rule is needed", []).
keep((:- D), Line, _) :- !, fail_at(Line, "directive :- ~w is not run: take it out", [D]).
keep((?- D), Line, _) :- !, fail_at(Line, "directive ?- ~w is not run: take it out", [D]).
keep((_ --> _), Line, _) :- !, fail_at(Line, "--> is not for rules: write :- with the lists as arguments", []).
keep((H :- _), Line, _) :- nonvar(H), ( H = query(_) ; H = evidence(_) ; H = evidence(_, _) ), !,
    fail_at(Line, "~w has a body: state it of a predicate that has that body", [H]).
keep(query(Q), Line, _) :- !, assertz(asked(query(Q), Line)).
keep(evidence(G), Line, _) :- !, assertz(asked(evidence(G, true), Line)).
keep(evidence(G, T), Line, _) :- !,
    (   ( T == true ; T == false )
    ->  assertz(asked(evidence(G, T), Line))
    ;   fail_at(Line, "evidence(~w, ~w): the second is true or false", [G, T])
    ).
keep((H :- B), Line, At) :- !, keep_rule(H, B, Line, At).
keep(H, Line, At) :- keep_rule(H, true, Line, At).

% A disjunction is known by the place where it starts.
keep_rule(Head, B, Line, _) :-
    nonvar(Head), Head = (P :: H), nonvar(P), P =.. [nn | Arguments], !,
    network(Arguments, H, B, Line).
keep_rule(Heads, B, Line, At) :-
    heads(Heads, List0, []),
    member(Head, List0), nonvar(Head), Head = (_ :: _), !,
    maplist(chance(Line), List0, List1),
    start(List1, Line, List),
    forall(member(_-H, List), (check_head(H, Line), define(H, Line))),
    term_variables(List-B, Vars),
    assertz(choice(At, List, B, Vars, Line)).
keep_rule(H, B, Line, _) :-
    check_head(H, Line),
    define(H, Line),
    assertz(clause_(H, B, Line)).

network(Arguments, H, B, Line) :-
    (   Arguments = [Net, In, Y, Domain], ground(Net), is_list(In), In \== []
    ->  true
    ;   fail_at(Line, "a neural predicate is written nn(NET, [INPUT], OUTPUT, [VALUE, VALUE...]) :: PREDICATE", [])
    ),
    (   B == true
    ->  true
    ;   fail_at(Line, "the neural predicate ~w has a body: move that to a rule which calls the predicate", [H])
    ),
    domain(Domain, Line, Values),
    check_head(H, Line),
    define(H, Line),
    assertz(network(Net, In, Y, Values, H, Line)).

domain(Domain, Line, Values) :-
    (   is_list(Domain), Domain = [R], nonvar(R), R = A..B, integer(A), integer(B), A < B, B - A < 10 000
    ->  numlist(A, B, Values)
    ;   is_list(Domain), Domain = [_, _ | _], ground(Domain), \+ member(_.._, Domain),
        sort(Domain, S), same_length(S, Domain), length(S, K), K =< 10 000
    ->  Values = Domain
    ;   fail_at(Line, "~w: the values of a network are 2 to 10,000 different ones, such as [no, yes] or [0..9]",
                [Domain])
    ).

heads(T, L0, L) :- nonvar(T), T = (A ; B), !, heads(A, L0, L1), heads(B, L1, L).
heads(T, [T | L], L).

% PROBABILITY :: HEAD as p(Number)-Head or t(Number)-Head; t(_) as t(start)-Head.
chance(Line, T, Q-H) :-
    (   nonvar(T), T = (P :: H)
    ->  true
    ;   fail_at(Line, "~w has no probability, but another head of the disjunction has", [T])
    ),
    (   probability(P, X), X >= 0, X =< 1 -> Q = p(X)
    ;   nonvar(P), P = t(S), var(S) -> Q = t(start)
    ;   nonvar(P), P = t(S), probability(S, X), X > 0, X < 1 -> Q = t(X)
    ;   var(P)
    ->  fail_at(Line, "a probability that the body computes is not for rules: write a number before ~w", [H])
    ;   P = t(S), number(S)
    ->  fail_at(Line, "~w: what is learned starts above 0 and below 1", [P])
    ;   fail_at(Line, "~w is no probability: it is a number from 0 to 1, t(_) for one that is learned, or nn(...)",
                [P])
    ).

probability(P, X) :- number(P), !, X is float(P).
probability(P, X) :- nonvar(P), P = A/B, number(A), number(B), B =\= 0, X is float(A) / float(B).

% Learned ones without a start share what is left; a single one starts at one half.
start(List0, Line, List) :-
    (   memberchk(t(_)-_, List0), memberchk(p(_)-_, List0)
    ->  fail_at(Line, "fixed and learned probabilities in one disjunction: make all of them t(_), or none", [])
    ;   true
    ),
    findall(X, (member(Q-_, List0), arg(1, Q, X), X \== start), Xs),
    sum_list(Xs, Sum),
    length(List0, Heads),
    length(Xs, Stated),
    (   Sum > 1.000001
    ->  fail_at(Line, "the probabilities of the disjunction add up to ~w, more than 1", [Sum])
    ;   Stated < Heads, Sum > 0.999999
    ->  fail_at(Line, "the learned probabilities already start at a sum of 1: nothing is left for t(_)", [])
    ;   Heads == 1 -> Share = 0.5
    ;   Stated == Heads -> Share = 0.0
    ;   Share is (1 - Sum) / (Heads - Stated)
    ),
    maplist(started(Share), List0, List). % no findall: heads share variables with the body

started(Share, Q0-H, Q-H) :- ( Q0 == t(start) -> Q = t(Share) ; Q = Q0 ).

check_head(H, Line) :-
    (   \+ callable(H) -> fail_at(Line, "~w is no predicate", [H])
    ;   functor(H, F, A), ( built_in(H) ; control(F, A) )
    ->  fail_at(Line, "~w is built in and cannot be defined: choose another name", [F/A])
    ;   true
    ).

control(F, A) :-
    memberchk(F/A, [(',')/2, (;)/2, (->)/2, (*->)/2, (\+)/1, not/1, (!)/0, true/0, fail/0, false/0, (:)/2,
                    (::)/2, (:-)/2, '|'/2, '[|]'/2, query/1, evidence/1, evidence/2]).

define(H, Line) :-
    functor(H, F, A),
    ( known(F/A, _) -> true ; assertz(known(F/A, Line)) ).

% ---- the query of a descriptor ----

% With or without a full stop.
read_query(Text, Query) :-
    split_string(Text, "", " .\t\n", [Bare]),
    string_concat(Bare, " .", Whole),
    setup_call_cleanup(open_string(Whole, S),
                       catch(( query_term(S, Query), query_term(S, Next) ),
                             error(syntax_error(Why), _), syntax_at(-1, Why)),
                       close(S)),
    (   callable(Query), Next == end_of_file
    ->  true
    ;   fail_at(-1, "it is not one goal, such as addition(x1, x2, x3)", [])
    ).

query_term(S, T) :-
    read_term(S, T, [module(gedi_rules), double_quotes(codes), back_quotes(codes), cycles(false)]).

% ---- what is not there ----

defined(G, Line) :-
    (   callable(G), G \= [_ | _], G \= _:_ -> true
    ;   fail_at(Line, "~w stands where a predicate is needed", [G])
    ),
    functor(G, F, A),
    ( known(F/A, _) -> true ; unknown(F, A, Line) ).

unknown(F, A, Line) :-
    (   known(F/B, At)
    ->  fail_at(Line, "there is no ~w: line ~w defines ~w", [F/A, At, F/B])
    ;   nearest(F, Near)
    ->  fail_at(Line, "there is no ~w: is ~w meant?", [F/A, Near])
    ;   functor(G, F, A), predicate_property(system:G, defined)
    ->  fail_at(Line, "~w is not for rules: they call what they define, arithmetic, comparisons and predicates of lists",
                [F/A])
    ;   fail_at(Line, "there is no ~w: define it, or correct its name", [F/A])
    ).

% The predicate whose name has the fewest letters to change, up to two of five.
nearest(F, Near) :-
    atom_codes(F, Codes),
    length(Codes, N),
    N < 40,
    findall(D-P, (call_nth(known(P, _), I), ( I > 1000 -> !, fail ; true ), near(Codes, P, D)), All),
    keysort(All, [D-Near | _]),
    5 * D =< 2 * N.

near(Codes, F/_, D) :-
    atom_codes(F, Other),
    length(Other, N),
    N < 40,
    numlist(0, N, Row0),
    foldl(row(Other), Codes, Row0, Row),
    last(Row, D).

% Levenshtein's table, row by row.
row(Other, C, [P | Ps], [N | Ns]) :- N is P + 1, cells(Other, Ps, C, P, N, Ns).

cells([], [], _, _, _, []).
cells([O | Os], [Up | Ups], C, Diagonal, Left, [N | Ns]) :-
    ( O == C -> N is min(Diagonal, min(Up, Left) + 1) ; N is min(Diagonal, min(Up, Left)) + 1 ),
    cells(Os, Ups, C, Up, N, Ns).
