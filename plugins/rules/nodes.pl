% nodes.pl - the nodes of a ground program, and the text that it is handed over as. Equal nodes are one.

new_id(Id) :-
    retract(count(N)),
    Id is N + 1,
    limit(nodes, Most),
    (   Id =< Most
    ->  true
    ;   fail_at(0, "the rules ground to more than ~D nodes: let them depend on fewer values at once", [Most])
    ),
    assertz(count(Id)).

made(What, Id) :-
    term_hash(What, Hash),
    (   node_of(Hash, What, Id0)
    ->  Id = Id0
    ;   charge(What),
        new_id(Id),
        assertz(node_of(Hash, What, Id)),
        assertz(node(Id, What))
    ).

the_variable(What, Kind, V) :-
    (   variable_of(What, V0)
    ->  V = V0
    ;   aggregate_all(count, variable_of(_, _), V),
        assertz(variable_of(What, V)),
        assertz(variable(V, What, Kind))
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

% ---- the text ----

write_program(Answers, Evidence) :-
    forall(variable(V, What, Kind), write_variable(V, What, Kind)),
    forall(variable(V, What, _), write_heads(V, What)),
    count(N),
    forall(between(1, N, Id), (node(Id, What), write_node(Id, What))),
    forall(member(G-Node, Answers), format("root\t~w\t~q~n", [Node, G])),
    ( Evidence == true -> true ; format("evidence\t~w~n", [Evidence]) ).

write_variable(V, nn(Net, In), nn(K)) :-
    format("variable\t~w\t~w\tnn\t~q", [V, K, Net]),
    forall(member(I, In), format("\t~q", [I])),
    nl.
write_variable(V, choice(_, _), Ps) :-
    findall(X, (member(P, Ps), arg(1, P, X)), Xs),
    sum_list(Xs, Sum),
    (   Sum > 0.999999 % one of the heads holds
    ->  findall(Y, (member(X, Xs), Y is X / Sum), All)
    ;   None is 1 - Sum,
        append(Xs, [None], All)
    ),
    length(All, K),
    ( Ps = [t(_) | _] -> How = t ; How = p ),
    format("variable\t~w\t~w\t~w", [V, K, How]),
    forall(member(X, All), format("\t~17g", [X])),
    nl.

% What the values of a variable are called; which clause a disjunction is an instance of, and its line.
write_heads(V, choice(N, Vars)) :-
    once(choice(N, List, _, Vars, Line)),
    format("heads\t~w\t~w\t~w", [V, N, Line]),
    forall(member(_-H, List), format("\t~q", [H])),
    nl.
write_heads(V, nn(Net, _)) :-
    once(network(Net, _, _, Values, _, Line)),
    format("heads\t~w\t0\t~w", [V, Line]),
    forall(member(Y, Values), format("\t~q", [Y])),
    nl.

write_node(Id, leaf(V, I)) :- format("leaf\t~w\t~w\t~w~n", [Id, V, I]).
write_node(Id, not(A)) :- format("not\t~w\t~w~n", [Id, A]).
write_node(Id, and(L)) :- format("and\t~w", [Id]), forall(member(A, L), format("\t~w", [A])), nl.
write_node(Id, or(L)) :- format("or\t~w", [Id]), forall(member(A, L), format("\t~w", [A])), nl.
