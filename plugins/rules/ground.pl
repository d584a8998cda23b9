% ground.pl - from rules in ProbLog's syntax to a ground program that a decision diagram is made of.
%
% A file of rules is read as terms and interpreted here: none of it is ever run by Prolog itself, so a
% stranger's file can do no more than take time, and that is limited. What it may call beyond its own
% predicates are the comparisons, arithmetic and list predicates below.
%
% Every goal is solved once for all its answers (a table of variants), so what proofs share is shared in
% the result, too: its size is that of the ground program, not the number of proofs.
:- module(gedi_rules, [gedi_ground/4]).

:- op(1000, xfx, ::).
:- op(450, xfx, ..).

:- dynamic clause_/4,    % Head, Body, Names of its variables, Line
           choice/6,     % Number, [probability - Head...], Body, Variables, Names, Line
           network/6,    % Net, Inputs, Value, Domain, Head, Line
           known/2,      % Name/Arity, Line: what the file defines
           asked/2,      % Goal, Line: query(Goal), evidence(Goal, Truth)
           done/2, active/2,
           node/2, node_of/2, variable/3, variable_of/2, count/1.

% gedi_ground(+File, +Query, +Limit, -Text): the ground program as lines of text.
%   variable V K nn NET INPUT... | variable V K p P... | variable V K t P...
%   leaf N V VALUE | and N A B... | or N A B... | not N A | root N ANSWER | evidence N
gedi_ground(File, QueryText, Limit, Text) :-
    Inferences = 300 000 000,
    catch(call_with_inference_limit(ground_all(File, QueryText, Limit, Text), Inferences, Ended),
          error(resource_error(What), _),
          fail_at(0, "the rules need more ~w than they may have: do they come to an end?", [What])),
    (   Ended == inference_limit_exceeded
    ->  fail_at(0, "the rules have not come to an end after ~D steps", [Inferences])
    ;   true
    ).

ground_all(File, QueryText, Limit, Text) :-
    forget,
    read_program(File),
    nb_setval(gedi_limit, Limit),
    (   QueryText == ""
    ->  stated_query(File, Query, Line)
    ;   read_query(QueryText, Query),
        Line = -1
    ),
    evidence(Evidence),
    ask(Query, Line, Answers0),
    given(Answers0, Evidence, Answers),
    with_output_to(string(Text), write_program(Answers, Evidence)).

forget :-
    retractall(clause_(_, _, _, _)), retractall(choice(_, _, _, _, _, _)),
    retractall(network(_, _, _, _, _, _)), retractall(known(_, _)), retractall(asked(_, _)),
    retractall(done(_, _)), retractall(active(_, _)), retractall(node(_, _)),
    retractall(node_of(_, _)), retractall(variable(_, _, _)), retractall(variable_of(_, _)),
    retractall(count(_)), assertz(count(0)).

% ---- reading ----

fail_at(Line, Format, Arguments) :-
    format(string(Message), Format, Arguments),
    throw(gedi(Line, Message)).

read_program(File) :-
    setup_call_cleanup(open(File, read, S, [encoding(utf8)]), read_clauses(S, 0), close(S)).

read_clauses(S, N) :-
    catch(read_term(S, T, [term_position(P), variable_names(V), module(gedi_rules),
                           syntax_errors(error), double_quotes(codes)]),
          error(syntax_error(Why), Where), syntax(Where, Why)),
    (   T == end_of_file
    ->  true
    ;   stream_position_data(line_count, P, Line),
        keep(T, V, Line, N),
        N1 is N + 1,
        read_clauses(S, N1)
    ).

syntax(Where, Why) :-
    (   Where = stream(_, Line, _, _) -> true
    ;   Where = file(_, Line, _, _) -> true
    ;   Line = 0
    ),
    fail_at(Line, "~w", [Why]).

keep((:- _), _, Line, _) :- !,
    fail_at(Line, "directives, :- ..., are not run: take it out", []).
keep((query(Q) :- _), _, Line, _) :- !, fail_at(Line, "query(~p) has a body", [Q]).
keep(query(Q), _, Line, _) :- !, assertz(asked(query(Q), Line)).
keep(evidence(G), _, Line, _) :- !, assertz(asked(evidence(G, true), Line)).
keep(evidence(G, T), _, Line, _) :- !,
    (   memberchk(T, [true, false])
    ->  assertz(asked(evidence(G, T), Line))
    ;   fail_at(Line, "evidence(~p, ~p): true or false", [G, T])
    ).
keep((H :- B), V, Line, N) :- !, keep_rule(H, B, V, Line, N).
keep(H, V, Line, N) :- keep_rule(H, true, V, Line, N).

keep_rule(nn(Net, In, Y, Dom) :: H, B, V, Line, N) :- !,
    (   B == true -> true
    ;   fail_at(Line, "a neural predicate with a body: give it a name of its own and use that in a rule", [])
    ),
    domain(Dom, Line, Values),
    check_head(H, V, Line),
    (   ground(Net), is_list(In) -> true
    ;   fail_at(Line, "nn(NET, [INPUT...], OUTPUT, [VALUE...]) :: PREDICATE", [])
    ),
    assertz(network(Net, In, Y, Values, H, N-Line)),
    define(H, Line).
keep_rule(Heads, B, V, Line, N) :-
    choices(Heads, Line, List), !,
    total(List, Line),
    forall(member(_-H, List), (check_head(H, V, Line), define(H, Line))),
    term_variables(List-B, Vars),
    assertz(choice(N, List, B, Vars, V, Line)).
keep_rule(H, B, V, Line, _) :-
    check_head(H, V, Line),
    define(H, Line),
    assertz(clause_(H, B, V, Line)).

% ";" of PROBABILITY :: HEAD; fails where there is no "::" at all.
choices((A ; B), Line, [P | Rest]) :- choices(A, Line, [P]), !, choices(B, Line, Rest).
choices(P :: H, Line, [Q - H]) :-
    (   number(P), P >= 0, P =< 1 -> Q = p(P)
    ;   nonvar(P), P = (A/B), number(A), number(B), B =\= 0, Q0 is A/B, Q0 >= 0, Q0 =< 1 -> Q = p(Q0)
    ;   nonvar(P), P = t(T), ( var(T) -> Q = t(0.5) ; number(T), T > 0, T < 1 -> Q = t(T) ) -> true
    ;   fail_at(Line, "~p is no probability: a number in [0, 1], t(START) for one that is learned, or nn(...)", [P])
    ).

total(List, Line) :-
    findall(P, member(p(P)-_, List), Ps),
    sum_list(Ps, Sum),
    (   Sum =< 1.000001 -> true
    ;   fail_at(Line, "the probabilities add up to ~4f", [Sum])
    ),
    (   memberchk(t(_)-_, List), memberchk(p(_)-_, List)
    ->  fail_at(Line, "fixed and learned probabilities in one disjunction", [])
    ;   true
    ).

domain(Dom, Line, Values) :-
    (   is_list(Dom), Dom = [A..B], integer(A), integer(B), A =< B -> numlist(A, B, Values)
    ;   is_list(Dom), Dom = [_, _ | _], ground(Dom), sort(Dom, S), same_length(S, Dom) -> Values = Dom
    ;   fail_at(Line, "~p: the values of a network's output, two or more different ones: [0, 1, 2], or [0..9]", [Dom])
    ).

check_head(H, _, Line) :-
    (   callable(H), \+ built_in(H) -> true
    ;   callable(H), functor(H, F, A), built_in(H) -> fail_at(Line, "~w/~w is built in", [F, A])
    ;   fail_at(Line, "~p is no predicate", [H])
    ).

define(H, Line) :-
    functor(H, F, A),
    ( known(F/A, _) -> true ; assertz(known(F/A, Line)) ).

read_query(Text, Query) :-
    catch(term_string(Query, Text, [module(gedi_rules)]), error(syntax_error(Why), _),
          fail_at(-1, "~w", [Why])),
    ( callable(Query) -> true ; fail_at(-1, "~p is no goal", [Query]) ).

stated_query(File, Query, Line) :-
    findall(Q-L, asked(query(Q), L), All),
    (   All = [Query-Line] -> true
    ;   All == [] -> fail_at(0, "no query: state one in ~w, query(...), or in the descriptor, query: ...", [File])
    ;   All = [_, Second-L2 | _],
        fail_at(L2, "a second query, ~p: say in the descriptor which it is, query: ...", [Second])
    ).

% ---- solving ----

% Answers of a query: Goal-Node, one where it has no variable.
ask(Query, Line, Answers) :-
    (   built_in(Query) -> functor(Query, F, A), fail_at(Line, "~w/~w is built in: it depends on nothing", [F, A]) ; true ),
    findall(Query-Nodes, goal(Query, [], Nodes, Line), All),
    group(All, Answers),
    (   Answers == [] -> fail_at(Line, "~p cannot hold: no rule leads to it", [Query])
    ;   member(G-true, Answers) -> fail_at(Line, "~p always holds: there is nothing to learn from it", [G])
    ;   true
    ).

% What is stated as evidence, one node; true where nothing is.
evidence(Node) :-
    findall(N, (asked(evidence(G, Truth), Line), evidence(G, Truth, Line, N)), Ns),
    exclude(==(true), Ns, Parts),
    conjunction(Parts, Node).

evidence(G, Truth, Line, Node) :-
    (   ground(G) -> true
    ;   fail_at(Line, "evidence ~p: a variable has no value", [G])
    ),
    findall(Nodes, goal(G, [], Nodes, Line), All),
    disjunction(All, Node0),
    ( Truth == true -> Node = Node0 ; opposite(Node0, Node) ),
    (   Node == false -> fail_at(Line, "the evidence ~p, ~w, is impossible", [G, Truth])
    ;   true
    ).

given(Answers, true, Answers) :- !.
given(Answers0, E, Answers) :-
    findall(G-N, (member(G-N0, Answers0), conjunction([N0, E], N)), Answers).

% All answers of a goal, on backtracking: Nodes is what has to hold for it.
goal(G, Nodes, Nodes, Line) :- var(G), !, fail_at(Line, "a variable is called", []).
goal(true, Nodes, Nodes, _) :- !.
goal(fail, _, _, _) :- !, fail.
goal(false, _, _, _) :- !, fail.
goal((A, B), N0, N, Line) :- !, goal(A, N0, N1, Line), goal(B, N1, N, Line).
goal((A ; B), N0, N, Line) :- !, ( goal(A, N0, N, Line) ; goal(B, N0, N, Line) ).
goal((_ -> _), _, _, Line) :- !, fail_at(Line, "-> has no meaning for probabilities: use \\+", []).
goal(!, _, _, Line) :- !, fail_at(Line, "! has no meaning for probabilities: use \\+", []).
goal(\+ G, N0, N, Line) :- !, negation(G, N0, N, Line).
goal(not(G), N0, N, Line) :- !, negation(G, N0, N, Line).
goal(G, Nodes, Nodes, Line) :-
    built_in(G), !,
    catch(call(G), error(E, _), wrong(E, G, Line)).
goal(G, N0, N, Line) :-
    answers(G, Line, Answers),
    member(G-Node, Answers),
    ( Node == true -> N = N0 ; N = [Node | N0] ).

wrong(E, G, Line) :-
    (   E = instantiation_error -> fail_at(Line, "~p: a variable has no value yet", [G])
    ;   E = type_error(T, X) -> fail_at(Line, "~p: ~p is no ~w", [G, X, T])
    ;   E = evaluation_error(W) -> fail_at(Line, "~p: ~w", [G, W])
    ;   fail_at(Line, "~p: ~p", [G, E])
    ).

negation(G, N0, N, Line) :-
    (   ground(G) -> true
    ;   fail_at(Line, "\\+ ~p: a variable has no value yet, so it is not known what is not to hold", [G])
    ),
    findall(Ns, goal(G, [], Ns, Line), All),
    disjunction(All, Node),
    opposite(Node, Not),
    (   Not == false -> fail
    ;   Not == true -> N = N0
    ;   N = [Not | N0]
    ).

% The table.
answers(G, Line, Answers) :-
    copy_term(G, Key),
    numbervars(Key, 0, _),
    (   done(Key, Answers0) -> Answers = Answers0
    ;   active(Key, At)
    ->  functor(G, F, A),
        fail_at(At, "~w/~w needs itself: ~p is being proved already", [F, A, G])
    ;   functor(G, F, A),
        ( known(F/A, _) -> true ; unknown(F/A, Line) ),
        assertz(active(Key, Line)),
        findall(G-Nodes, one(G, Nodes), All),
        retract(active(Key, Line)),
        group(All, Answers),
        assertz(done(Key, Answers))
    ).

unknown(F/A, Line) :-
    (   known(F/B, At), B =\= A
    ->  fail_at(Line, "there is no ~w/~w, but ~w/~w in line ~w", [F, A, F, B, At])
    ;   findall(P, known(P, _), Ps),
        fail_at(Line, "there is no ~w/~w; there are: ~p", [F, A, Ps])
    ).

one(G, Nodes) :-
    clause_(G, Body, _, Line),
    goal(Body, [], Nodes, Line).
one(G, [Leaf | Nodes]) :-
    choice(N, List, Body, Vars, _, Line),
    nth0(I, List, _-G),
    goal(Body, [], Nodes, Line),
    (   ground(Vars) -> true
    ;   fail_at(Line, "a variable of ~p has no value when it is chosen", [G])
    ),
    findall(P, member(P-_, List), Ps),
    the_variable(choice(N, Vars), Ps, V),
    leaf(V, I, Leaf).
one(G, [Leaf]) :-
    network(Net, In, Y, Values, G, _-Line),
    (   ground(In) -> true
    ;   fail_at(Line, "nn(~w): its input has no value when ~p is asked", [Net, G])
    ),
    length(Values, K),
    the_variable(nn(Net, In), nn(K), V),
    nth0(I, Values, Y),
    leaf(V, I, Leaf).

group(All, Answers) :-
    keysort(All, Sorted),
    group_pairs_by_key(Sorted, Groups),
    findall(G-Node, (member(G-Bodies, Groups), disjunction(Bodies, Node), Node \== false), Answers0),
    (   member(G-_, Answers0), \+ ground(G)
    ->  fail_at(0, "~p is proved for any value of its variable", [G])
    ;   Answers = Answers0
    ).

% ---- nodes: equal ones are one ----

new_id(Id) :-
    retract(count(N)),
    Id is N + 1,
    nb_getval(gedi_limit, Limit),
    ( Id =< Limit -> true ; fail_at(0, "more than ~D nodes are needed: the rules ground too far", [Limit]) ),
    assertz(count(Id)).

made(What, Id) :-
    (   node_of(What, Id0) -> Id = Id0
    ;   new_id(Id), assertz(node_of(What, Id)), assertz(node(Id, What))
    ).

the_variable(What, Kind, V) :-
    (   variable_of(What, V0) -> V = V0
    ;   aggregate_all(count, variable_of(_, _), V),
        assertz(variable_of(What, V)), assertz(variable(V, What, Kind))
    ).

leaf(V, I, Id) :- made(leaf(V, I), Id).

conjunction(Nodes, Node) :-
    sort(Nodes, Set),
    (   Set == [] -> Node = true
    ;   Set = [N] -> Node = N
    ;   made(and(Set), Node)
    ).

disjunction(Bodies, Node) :-
    findall(N, (member(B, Bodies), conjunction(B, N)), Ns),
    sort(Ns, Set),
    (   memberchk(true, Set) -> Node = true
    ;   Set == [] -> Node = false
    ;   Set = [N] -> Node = N
    ;   made(or(Set), Node)
    ).

opposite(true, false) :- !.
opposite(false, true) :- !.
opposite(N, Not) :- ( node(N, not(M)) -> Not = M ; made(not(N), Not) ).

% ---- what may be called beyond the file's own predicates ----

built_in(G) :- callable(G), functor(G, F, A), built_in(F, A).
built_in(F, 2) :- memberchk(F, [=, \=, ==, \==, is, <, >, =<, >=, =:=, =\=, @<, @>, @=<, @>=]).
built_in(F, 1) :- memberchk(F, [integer, number, atom, atomic, var, nonvar, ground, is_list]).
built_in(F, 2) :- memberchk(F, [member, memberchk, length, msort, sort, sum_list, sumlist, max_list, min_list,
                                last, reverse, permutation]).
built_in(F, 3) :- memberchk(F, [between, append, nth0, nth1, select, numlist, delete]).
built_in(succ, 2).
built_in(plus, 3).

% ---- the result ----

write_program(Answers, Evidence) :-
    forall(variable(V, What, Kind), write_variable(V, What, Kind)),
    aggregate_all(count, node(_, _), N),
    forall(between(1, N, Id), (node(Id, What), write_node(Id, What))),
    forall(member(G-Node, Answers), format("root ~w ~q~n", [Node, G])),
    ( Evidence == true -> true ; format("evidence ~w~n", [Evidence]) ).

write_variable(V, nn(Net, In), nn(K)) :-
    format("variable ~w ~w nn ~q", [V, K, Net]),
    forall(member(I, In), format(" ~q", [I])), nl.
write_variable(V, choice(_, _), Ps) :-
    findall(X, (member(P, Ps), arg(1, P, X)), Xs),
    sum_list(Xs, Sum),
    (   Sum > 0.999999 -> All = Xs % one of the heads holds
    ;   None is 1 - Sum, append(Xs, [None], All)
    ),
    length(All, K),
    ( Ps = [t(_) | _] -> How = t ; How = p ),
    format("variable ~w ~w ~w", [V, K, How]),
    forall(member(X, All), format(" ~17g", [X])), nl.

write_node(Id, leaf(V, I)) :- format("leaf ~w ~w ~w~n", [Id, V, I]).
write_node(Id, not(A)) :- format("not ~w ~w~n", [Id, A]).
write_node(Id, and(L)) :- format("and ~w", [Id]), forall(member(A, L), format(" ~w", [A])), nl.
write_node(Id, or(L)) :- format("or ~w", [Id]), forall(member(A, L), format(" ~w", [A])), nl.
