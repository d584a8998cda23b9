% ground.pl - from rules in ProbLog's syntax to a ground program that a decision diagram is made of.
%
% A file of rules is read as terms (read.pl) and interpreted here: none of it is ever run by Prolog
% itself, so a stranger's file can do no more than take time and memory, and both are limited. What it
% may call beyond its own predicates is in builtin.pl.
%
% Every goal is solved once for all its answers (a table of variants), so what proofs share is shared in
% the result, too: its size is that of the ground program (nodes.pl), not the number of proofs.
:- module(gedi_rules, [gedi_ground/3]).

:- op(1000, xfx, ::).
:- op(450, xfx, ..).

:- dynamic clause_/3,    % Head, Body, Line
           choice/5,     % Number, [probability - Head...], Body, Variables, Line
           network/6,    % Net, Inputs, Value, Domain, Head, Line
           known/2,      % Name/Arity, Line: what the file defines
           asked/2,      % Goal, Line: query(Goal), evidence(Goal, Truth)
           done/3,       % Hash, Goal, Answers
           active/3,     % Hash, Goal, Line
           node/2, node_of/3, variable/3, variable_of/2, count/1.

limit(inferences, 30 000 000). % a second or two
limit(depth, 10 000). % of goals that wait for one another
limit(nodes, 1 000 000).
limit(tree, 100 000). % parts of a term
limit(cells, 10 000 000). % of tables, eight bytes each; the stacks have a limit of their own

% gedi_ground(+Rules, +Query, -Text): the ground program as lines of words with tabs between them.
%   variable V K nn NET INPUT... | variable V K p P... | variable V K t P...
%   heads V CLAUSE LINE HEAD... | leaf N V VALUE | and N A B... | or N A B... | not N A | root N ANSWER | evidence N
% What is wrong is thrown as gedi(Line, Message); line 0 is none, -1 that of the query.
gedi_ground(Rules, QueryText, Text) :-
    limit(inferences, Most),
    % Else X = f(X) makes a term without an end.
    set_prolog_flag(occurs_check, true),
    call_cleanup(catch(call_with_inference_limit(ground_all(Rules, QueryText, Text), Most, Ended),
                       error(resource_error(_), _), too_large),
                 forget),
    (   Ended == inference_limit_exceeded
    ->  fail_at(0, "the rules do not come to an end within ~D steps: does a recursion have no last case, or does a rule take at once what could go step by step, as a sum by its columns?",
                [Most])
    ;   true
    ).

too_large :-
    fail_at(0, "the rules need more memory than they may have: does a recursion have no last case, or does a rule take at once what could go step by step, as a sum by its columns?", []).

ground_all(Rules, QueryText, Text) :-
    forget,
    nb_setval(gedi_cells, 0),
    b_setval(gedi_depth, 0),
    read_program(Rules),
    (   QueryText == ""
    ->  stated_query(Query, Line)
    ;   read_query(QueryText, Query),
        Line = -1
    ),
    evidence(Evidence),
    ask(Query, Line, Answers0),
    given(Answers0, Evidence, Answers),
    with_output_to(string(Text), write_program(Answers, Evidence)).

forget :-
    forall(member(H, [clause_(_, _, _), choice(_, _, _, _, _), network(_, _, _, _, _, _), known(_, _),
                      asked(_, _), done(_, _, _), active(_, _, _), node(_, _), node_of(_, _, _),
                      variable(_, _, _), variable_of(_, _), count(_)]),
           retractall(H)),
    assertz(count(0)).

% A term that is kept is charged to the rules.
charge(Term) :-
    term_size(Term, Cells),
    nb_getval(gedi_cells, N0),
    N is N0 + Cells + 10,
    limit(cells, Most),
    ( N =< Most -> nb_setval(gedi_cells, N) ; too_large ).

% A term that shares parts with itself, as f(Z, Z) does, is small until it is copied or compared: then it is
% the tree that it stands for.
fits(Term) :-
    limit(tree, Most),
    size_abstract_term(Most, Term, Whole),
    ( Whole == Term -> true ; too_large ).

% ---- query and evidence ----

stated_query(Query, Line) :-
    findall(Q-L, asked(query(Q), L), All),
    (   All = [Query-Line]
    ->  true
    ;   All == []
    ->  fail_at(0, "there is no query: state one here, query(GOAL)., or in the descriptor, query: GOAL", [])
    ;   All = [_-L1, Second-L2 | _],
        fail_at(L2, "~w is a second query after that of line ~w: keep one, or name one in the descriptor, query: GOAL",
                [Second, L1])
    ).

% Answers of a query: Goal-Node, one where it has no variable.
ask(Query, Line, Answers) :-
    findall(Query-Nodes, goal(Query, [], Nodes, Line), All),
    group(All, Line, Answers),
    (   Answers == []
    ->  fail_at(Line, "~w can never hold: no rule leads to it", [Query])
    ;   member(G-true, Answers)
    ->  fail_at(Line, "~w always holds: there is nothing to learn from it", [G])
    ;   true
    ).

% What is stated as evidence, one node; true where nothing is.
evidence(Node) :-
    findall(N, (asked(evidence(G, Truth), Line), evidence(G, Truth, Line, N)), Ns),
    exclude(==(true), Ns, Parts),
    conjunction(Parts, Node).

evidence(G, Truth, Line, Node) :-
    (   ground(G)
    ->  true
    ;   fail_at(Line, "evidence ~w has a variable: state what is known, without variables", [G])
    ),
    findall(Nodes, goal(G, [], Nodes, Line), All),
    disjunction(All, Node0),
    ( Truth == true -> Node = Node0 ; opposite(Node0, Node) ),
    (   Node \== false
    ->  true
    ;   Truth == true
    ->  fail_at(Line, "evidence ~w can never hold: no rule leads to it", [G])
    ;   fail_at(Line, "evidence: ~w is stated to be false, but always holds", [G])
    ).

given(Answers, true, Answers) :- !.
given(Answers0, E, Answers) :-
    findall(G-N, (member(G-N0, Answers0), conjunction([N0, E], N)), Answers).

% ---- solving ----

% All answers of a goal, on backtracking: Nodes is what has to hold for it.
goal(G, _, _, Line) :- var(G), !, fail_at(Line, "a variable stands where a predicate is needed", []).
goal(true, Nodes, Nodes, _) :- !.
goal(fail, _, _, _) :- !, fail.
goal(false, _, _, _) :- !, fail.
goal((A, B), N0, N, Line) :- !, goal(A, N0, N1, Line), goal(B, N1, N, Line).
goal((_ -> _), _, _, Line) :- !, no_control(->, Line).
goal((_ *-> _), _, _, Line) :- !, no_control(*->, Line).
goal((A ; B), N0, N, Line) :- !, ( goal(A, N0, N, Line) ; goal(B, N0, N, Line) ).
goal(!, _, _, Line) :- !, no_control(!, Line).
goal(\+ G, N0, N, Line) :- !, negation(G, N0, N, Line).
goal(not(G), N0, N, Line) :- !, negation(G, N0, N, Line).
goal(G, Nodes, Nodes, Line) :-
    built_in(G), !,
    fits(G),
    catch(run(G), error(E, _), wrong(E, G, Line)).
goal(G, N0, N, Line) :-
    answers(G, Line, Answers),
    member(G-Node, Answers),
    ( Node == true -> N = N0 ; N = [Node | N0] ).

no_control(What, Line) :-
    fail_at(Line, "~w has no meaning among probabilities: write a rule for each case, with \\+ for what does not hold",
            [What]).

negation(G, N0, N, Line) :-
    (   ground(G)
    ->  true
    ;   fail_at(Line, "a variable in \\+ ~w has no value yet: put what gives it one before \\+", [G])
    ),
    deeper,
    findall(Ns, goal(G, [], Ns, Line), All),
    shallower,
    disjunction(All, Node),
    opposite(Node, Not),
    (   Not == false -> fail
    ;   Not == true -> N = N0
    ;   N = [Not | N0]
    ).

% The table, by hashes: what rules keep apart by a list far down is found at once.
answers(G, Line, Answers) :-
    fits(G),
    copy_term(G, Key),
    numbervars(Key, 0, _),
    term_hash(Key, Hash),
    (   done(Hash, Key, Answers0)
    ->  Answers = Answers0
    ;   active(Hash, Key, _)
    ->  fail_at(Line, "~w is asked for while it is being proved: rules must not come back to the same goal", [G])
    ;   defined(G, Line),
        charge(Key),
        deeper,
        assertz(active(Hash, Key, Line)),
        findall(G-Nodes, ( one(G, Nodes), fits(G) ), All),
        retract(active(Hash, Key, Line)),
        shallower,
        group(All, Line, Answers),
        charge(Answers),
        assertz(done(Hash, Key, Answers))
    ).

shallower :- b_getval(gedi_depth, D0), D is D0 - 1, b_setval(gedi_depth, D).

deeper :-
    b_getval(gedi_depth, D0),
    D is D0 + 1,
    limit(depth, Most),
    (   D =< Most
    ->  b_setval(gedi_depth, D)
    ;   fail_at(0, "goals are nested more than ~D deep: does a recursion have no last case?", [Most])
    ).

one(G, Nodes) :-
    clause_(G, Body, Line),
    goal(Body, [], Nodes, Line).
one(G, [Leaf | Nodes]) :-
    choice(N, List, Body, Vars, Line),
    nth0(I, List, P-G),
    P \= p(0.0), % it never is
    goal(Body, [], Nodes, Line),
    (   ground(Vars)
    ->  true
    ;   fail_at(Line, "a variable of ~w has no value when it is chosen: bind it in the body", [G])
    ),
    findall(Q, member(Q-_, List), Ps),
    the_variable(choice(N, Vars), Ps, V),
    leaf(V, I, Leaf).
one(G, [Leaf]) :-
    network(Net, In, Y, Values, G, Line),
    (   ground(In)
    ->  true
    ;   fail_at(Line, "nn(~w): its input has no value where ~w is asked for: put what gives it one before; a query names the parts of a record x1, x2, ...",
                [Net, G])
    ),
    length(Values, K),
    the_variable(nn(Net, In), nn(K), V),
    nth0(I, Values, Y),
    leaf(V, I, Leaf).

group(All, Line, Answers) :-
    keysort(All, Sorted),
    group_pairs_by_key(Sorted, Groups),
    findall(G-Node, (member(G-Bodies, Groups), disjunction(Bodies, Node), Node \== false), Answers),
    (   member(G-_, Answers), \+ ground(G)
    ->  fail_at(Line, "~w holds for any value of its variable: bind it in a body", [G])
    ;   true
    ).
