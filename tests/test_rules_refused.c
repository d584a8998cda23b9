/* test_rules_refused.c - what is said of rules that are wrong, in whole; and of files made to do harm. */
#include "plugins/rules/rules.h"
#include "tests/experiment.h"

#include <sys/stat.h>

static gedi_err err;

/* The text of r.pl, the query, and what is said of them. */
static const struct {
    const char *rules, *query, *message;
} refused[] = {
    {"", "",
     "./r.pl: there is no query: state one here, query(GOAL)., or in the des"
     "criptor, query: GOAL"},
    {"% nothing\n", "q", "query 'q': there is no q/0: define it, or correct its name"},
    {"0.3::a. 0.4::b.\n", "",
     "./r.pl: there is no query: state one here, query(GOAL)., or in the des"
     "criptor, query: GOAL"},
    {"0.3::a. 0.4::b.\n"
     "q :- a b.\n",
     "q",
     "./r.pl:2: syntax: something is missing: a comma, a full stop, a closin"
     "g bracket or an operator"},
    {"0.3::a. 0.4::b.\n"
     "q :- p(a.\n"
     "r :- b.\n",
     "q",
     "./r.pl:2: syntax: something is missing: a comma, a full stop, a closin"
     "g bracket or an operator"},
    {"0.3::a. 0.4::b.\n"
     "q :- a).\n",
     "q",
     "./r.pl:2: syntax: a bracket or comma stands where it cannot: is one to"
     "o many, or one missing?"},
    {"0.3::a. 0.4::b.\n"
     "q :- a,",
     "q",
     "./r.pl:2: syntax: the text ends within a clause: is a full stop missin"
     "g?"},
    {"0.3::a. 0.4::b.\n"
     "q :- a,, b.\n",
     "q", "./r.pl:2: syntax: a comma or bracket stands where a term is missing"},
    {"0.3::a. 0.4::b.\n"
     "q :- p('a).\n",
     "q", "./r.pl:2: syntax: a quotation mark is never closed"},
    {"0.3::a. 0.4::b.\n"
     "/* q :- a.\n",
     "q", "./r.pl:3: syntax: a comment, /*, is never closed"},
    {"0.3::a; ;0.2::b.\n", "a",
     "./r.pl:1: syntax: something is missing: a comma, a full stop, a closin"
     "g bracket or an operator"},
    {"q('\\k').\n", "q",
     "./r.pl:1: syntax: \\k means nothing in quotes: write \\\\ for a backsl"
     "ash"},
    {"a :- b :- c.\n", "q",
     "./r.pl:1: syntax: two operators cannot follow one another: set bracket"
     "s"},
    {"a([x|b|c]).\n", "q", "./r.pl:1: syntax: a list has one tail: [A, B | Rest]"},
    {"1.0e400::a.\n", "a", "./r.pl:1: syntax: a number is too large"},
    {"0.3::a. 0.4::b.\n"
     "q :- a\n"
     "r :- b.\n",
     "q",
     "./r.pl:2: syntax: something is missing: a comma, a full stop, a closin"
     "g bracket or an operator"},
    {"q({|html||a|}).\n", "q", "./r.pl:1: syntax: {|...|} is not read"},
    {"0.3::a. 0.4::b.\n"
     "end_of_file.\n"
     "q :- a.\n",
     "q",
     "./r.pl:2: end_of_file. stands before the end: nothing after it would b"
     "e read"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digti(x1, 1).\n",
     "q", "./r.pl:2: there is no digti/2: is digit/2 meant?"},
    {"0.3::a. 0.4::b.\n"
     "q :- wind.\n",
     "q", "./r.pl:2: there is no wind/0: define it, or correct its name"},
    {"q :- wind.\n", "q", "./r.pl:1: there is no wind/0: define it, or correct its name"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(x1).\n",
     "q", "./r.pl:2: there is no digit/1: line 1 defines digit/2"},
    {"0.3::a. 0.4::b.\n"
     "p(X) :- q(X).\n"
     "p(X) :- r(X).\n"
     "q(X) :- p(X).\n"
     "r(1) :- a.\n",
     "p(1)",
     "./r.pl:4: p(1) is asked for while it is being proved: rules must not c"
     "ome back to the same goal"},
    {"0.5::edge(1,2). 0.5::edge(2,1).\n"
     "path(X,Y) :- edge(X,Y).\n"
     "path(X,Y) :- edge(X,Z), path(Z,Y).\n",
     "path(1,2)",
     "./r.pl:3: path(1,2) is asked for while it is being proved: rules must "
     "not come back to the same goal"},
    {"nn(d, [X], Y, [0, 1]) :: d(X, Y).\nq(A) :- d(A, Y), n(60, Y, Z), same(Z).\nsame(_).\n"
     "n(0, Y, Y).\nn(K, Y, f(Z, Z)) :- K > 0, L is K - 1, n(L, Y, Z).\n",
     "q(x1)",
     "./r.pl: the rules need more memory than they may have: does a recursion have no last case, or "
     "does a rule take at once what could go step by step, as a sum by its columns?"},
    {"0.0 :: z.\nnn(d, [X], Y, [0, 1]) :: d(X, Y).\ns(X) :- d(X, 1), z.\n", "s(x1)",
     "query 's(x1)': s(x1) can never hold: no rule leads to it"},
    {"0.0 :: z.\nnn(d, [X], Y, [0, 1]) :: d(X, Y).\ns(X) :- d(X, 1).\nevidence(z).\n",
     "s(x1)", "./r.pl:4: evidence z can never hold: no rule leads to it"},
    {"t(0) :: a.\n", "a", "./r.pl:1: t(0): what is learned starts above 0 and below 1"},
    {"p(X) :- p([a|X]).\n", "p([])",
     "./r.pl: the rules need more memory than they may have: does a recursio"
     "n have no last case, or does a rule take at once what could go step by step, as a sum by its columns?"},
    {"p(X) :- Y is X + 1, p(Y).\n", "p(0)",
     "./r.pl: goals are nested more than 10,000 deep: does a recursion have "
     "no last case?"},
    {"0.3::a. 0.4::b.\n"
     "q :- between(1, inf, X), X < 0, a.\n",
     "q",
     "./r.pl: the rules do not come to an end within 30,000,000 steps: does "
     "a recursion have no last case, or does a rule take at once what could go step by step, as a sum by its columns?"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- \\+ digit(X, 1).\n",
     "q",
     "./r.pl:2: a variable in \\+ digit(_,1) has no value yet: put what give"
     "s it one before \\+"},
    {"0.3::a. 0.4::b.\n"
     "q :- a, !.\n",
     "q",
     "./r.pl:2: ! has no meaning among probabilities: write a rule for each "
     "case, with \\+ for what does not hold"},
    {"0.3::a. 0.4::b.\n"
     "q :- ( a -> b ; b ).\n",
     "q",
     "./r.pl:2: -> has no meaning among probabilities: write a rule for each"
     " case, with \\+ for what does not hold"},
    {":- initialization(main).\n"
     "0.3::a. 0.4::b.\n",
     "a", "./r.pl:1: directive :- initialization main is not run: take it out"},
    {"0.3::a. 0.4::b.\n"
     ":- op(700, xfx, ===>).\n",
     "a", "./r.pl:2: directive :- op(700,xfx,===>) is not run: take it out"},
    {"0.3::a. 0.4::b.\n"
     "q :- a, shell('touch ran').\n",
     "q",
     "./r.pl:2: shell/1 is not for rules: they call what they define, arithm"
     "etic, comparisons and predicates of lists"},
    {"0.3::a. 0.4::b.\n"
     "q :- a, open('x', write, _).\n",
     "q",
     "./r.pl:2: open/3 is not for rules: they call what they define, arithme"
     "tic, comparisons and predicates of lists"},
    {"0.3::a. 0.4::b.\n"
     "q :- call(a).\n",
     "q",
     "./r.pl:2: call/1 is not for rules: they call what they define, arithme"
     "tic, comparisons and predicates of lists"},
    {"0.3::a. 0.4::b.\n"
     "q :- findall(X, a, L).\n",
     "q",
     "./r.pl:2: findall/3 is not for rules: they call what they define, arit"
     "hmetic, comparisons and predicates of lists"},
    {"0.3::a. 0.4::b.\n"
     "q :- system:halt.\n",
     "q", "./r.pl:2: system:halt stands where a predicate is needed"},
    {"0.3::a. 0.4::b.\n"
     "q :- ['x.pl'].\n",
     "q", "./r.pl:2: ['x.pl'] stands where a predicate is needed"},
    {"0.3::a. 0.4::b.\n"
     "q :- a, assertz(b).\n",
     "q",
     "./r.pl:2: assertz/1 is not for rules: they call what they define, arit"
     "hmetic, comparisons and predicates of lists"},
    {"0.3::a. 0.4::b.\n"
     "member(a, b) :- a.\n",
     "a",
     "./r.pl:2: member/2 is built in and cannot be defined: choose another n"
     "ame"},
    {"0.3::true.\n", "a",
     "./r.pl:1: true/0 is built in and cannot be defined: choose another nam"
     "e"},
    {"a, b.\n", "a",
     "./r.pl:1: (',')/2 is built in and cannot be defined: choose another na"
     "me"},
    {"0.2::query(a).\n", "a",
     "./r.pl:1: query/1 is built in and cannot be defined: choose another na"
     "me"},
    {"3.\n", "a", "./r.pl:1: 3 is no predicate"},
    {"X.\n", "a", "./r.pl:1: a variable stands where a rule is needed"},
    {"X :- a.\n", "a", "./r.pl:1: _ is no predicate"},
    {"0.3::a. 0.4::b.\n"
     "q :- \"abc\".\n",
     "q", "./r.pl:2: [97,98,99] stands where a predicate is needed"},
    {"0.3::a. 0.4::b.\n"
     "q :- 3.\n",
     "q", "./r.pl:2: 3 stands where a predicate is needed"},
    {"0.3::a. 0.4::b.\n"
     "q :- X.\n",
     "q", "./r.pl:2: a variable stands where a predicate is needed"},
    {"s --> a, b.\n", "s",
     "./r.pl:1: --> is not for rules: write :- with the lists as arguments"},
    {"0.7::a; 0.5::b.\n", "a",
     "./r.pl:1: the probabilities of the disjunction add up to 1.2, more tha"
     "n 1"},
    {"t(0.7)::a; t(0.5)::b.\n", "a",
     "./r.pl:1: the probabilities of the disjunction add up to 1.2, more tha"
     "n 1"},
    {"t(0.7)::a; t(0.3)::b; t(_)::c.\n", "a",
     "./r.pl:1: the learned probabilities already start at a sum of 1: nothi"
     "ng is left for t(_)"},
    {"-0.1::a.\n", "a",
     "./r.pl:1: -0.1 is no probability: it is a number from 0 to 1, t(_) for"
     " one that is learned, or nn(...)"},
    {"1.5::a.\n", "a",
     "./r.pl:1: 1.5 is no probability: it is a number from 0 to 1, t(_) for "
     "one that is learned, or nn(...)"},
    {"1/0::a.\n", "a",
     "./r.pl:1: 1/0 is no probability: it is a number from 0 to 1, t(_) for "
     "one that is learned, or nn(...)"},
    {"often::a.\n", "a",
     "./r.pl:1: often is no probability: it is a number from 0 to 1, t(_) fo"
     "r one that is learned, or nn(...)"},
    {"P::a.\n", "a",
     "./r.pl:1: a probability that the body computes is not for rules: write a number before a"},
    {"0.3::a; t(_)::b.\n", "a",
     "./r.pl:1: fixed and learned probabilities in one disjunction: make all"
     " of them t(_), or none"},
    {"0.3::a; b.\n", "a",
     "./r.pl:1: b has no probability, but another head of the disjunction ha"
     "s"},
    {"nn(d, [X], Y, [0..2]) :: d(X, Y) :- a.\n", "d(x1,1)",
     "./r.pl:1: the neural predicate d(_,_) has a body: move that to a rule "
     "which calls the predicate"},
    {"nn(d, [X], Y, [7]) :: d(X, Y).\n", "d(x1,7)",
     "./r.pl:1: [7]: the values of a network are 2 to 10,000 different ones,"
     " such as [no, yes] or [0..9]"},
    {"nn(d, [X], Y, [no, yes, no]) :: d(X, Y).\n", "d(x1,no)",
     "./r.pl:1: [no,yes,no]: the values of a network are 2 to 10,000 differe"
     "nt ones, such as [no, yes] or [0..9]"},
    {"nn(d, [X], Y, [0..1000000000]) :: d(X, Y).\n", "d(x1,7)",
     "./r.pl:1: [0..1000000000]: the values of a network are 2 to 10,000 dif"
     "ferent ones, such as [no, yes] or [0..9]"},
    {"nn(d, [X], Y, [0, Z]) :: d(X, Y).\n", "d(x1,0)",
     "./r.pl:1: [0,_]: the values of a network are 2 to 10,000 different one"
     "s, such as [no, yes] or [0..9]"},
    {"nn(d, [X], Y) :: d(X, Y).\n", "d(x1,0)",
     "./r.pl:1: a neural predicate is written nn(NET, [INPUT], OUTPUT, [VALU"
     "E, VALUE...]) :: PREDICATE"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(X, 1).\n",
     "q",
     "./r.pl:1: nn(digit): its input has no value where digit(_,1) is asked "
     "for: put what gives it one before; a query names the parts of a record x1, x2, ..."},
    {"nn(d, [X], Y, [0,1]) :: d(X,Y).\n"
     "nn(e, [X], Y, [0,1]) :: e(X,Y).\n"
     "q :- d(x1,1), e(x2,1).\n",
     "q", "r.pl: networks d and e: there is one, which says p(y|x)"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(a, 1).\n",
     "q",
     "r.pl: nn(digit) is asked about a: the query names the parts of a recor"
     "d x1, x2, ..."},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit('x 1\n"
     "', 1).\n",
     "q",
     "r.pl: nn(digit) is asked about 'x 1\\n': the query names the parts of "
     "a record x1, x2, ..."},
    {"0.3::a. 0.4::b.\n"
     "q :- a, b.\n",
     "q",
     "r.pl: the query does not depend on a network: nn(NAME, [X], Y, [0..9])"
     " :: PREDICATE(X, Y) is one"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(x1, 5).\n",
     "q", "query 'q': q can never hold: no rule leads to it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(x1, 1), digit(x1, 2).\n",
     "q",
     "r.pl: q can never hold, whatever its variables are: there is nothing t"
     "o learn from it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q.\n",
     "q", "query 'q': q always holds: there is nothing to learn from it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(x1, 0).\n"
     "q :- \\+ digit(x1, 0).\n",
     "q",
     "r.pl: q always holds, whatever its variables are: there is nothing to "
     "learn from it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "digit(x1, 1",
     "query 'digit(x1, 1': syntax: something is missing: a comma, a full sto"
     "p, a closing bracket or an operator"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "digit(x1, 1). digit(x2, 1)",
     "query 'digit(x1, 1). digit(x2, 1)': it is not one goal, such as additi"
     "on(x1, x2, x3)"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "digit(x1, 1))",
     "query 'digit(x1, 1))': syntax: a bracket or comma stands where it cann"
     "ot: is one too many, or one missing?"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "X",
     "query 'X': it is not one goal, such as addition(x1, x2, x3)"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "3",
     "query '3': it is not one goal, such as addition(x1, x2, x3)"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "  ",
     "query '  ': syntax: the clause ends where something is missing"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "1 < 2",
     "query '1 < 2': 1<2 always holds: there is nothing to learn from it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "digit(X, 1)",
     "./r.pl:1: nn(digit): its input has no value where digit(_,1) is asked "
     "for: put what gives it one before; a query names the parts of a record x1, x2, ..."},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n", "digits(x1, 1)",
     "query 'digits(x1, 1)': there is no digits/2: is digit/2 meant?"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "query(digit(x1, 1)).\n"
     "query(digit(x2, 1)).\n",
     "",
     "./r.pl:3: digit(x2,1) is a second query after that of line 2: keep one"
     ", or name one in the descriptor, query: GOAL"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "query(digit(x1, 1)) :- a.\n",
     "",
     "./r.pl:2: query(digit(x1,1)) has a body: state it of a predicate that "
     "has that body"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "query(digit(X, 1)).\n",
     "",
     "./r.pl:1: nn(digit): its input has no value where digit(_,1) is asked "
     "for: put what gives it one before; a query names the parts of a record x1, x2, ..."},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "evidence(digit(x1, 7)).\n",
     "digit(x1, 1)",
     "./r.pl:2: evidence digit(x1,7) can never hold: no rule leads to it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "evidence(digit(x1, 1)).\n"
     "evidence(digit(x1, 2)).\n",
     "digit(x1, 1)",
     "r.pl: the evidence can never hold, whatever the variables are: take ou"
     "t what contradicts the rest"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "p.\n"
     "evidence(p, false).\n",
     "digit(x1, 1)", "./r.pl:3: evidence: p is stated to be false, but always holds"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "evidence(digit(x1, X)).\n",
     "digit(x1, 1)",
     "./r.pl:2: evidence digit(x1,_) has a variable: state what is known, wi"
     "thout variables"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "evidence(digit(x1, 1), maybe).\n",
     "digit(x1, 1)",
     "./r.pl:2: evidence(digit(x1,1), maybe): the second is true or false"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "evidence(digit(x1, 1)).\n",
     "digit(x1, 1)",
     "r.pl: digit(x1,1) always holds, given the evidence: there is nothing t"
     "o learn from it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "evidence(digit(x1, 1)).\n",
     "digit(x1, 2)",
     "r.pl: digit(x1,2) can never hold, given the evidence: there is nothing"
     " to learn from it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(x1, X), Y is 1 / X, Y > 0.\n",
     "q", "./r.pl:2: _ is 1/0: division by zero"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(x1, X), Y is X + foo.\n",
     "q", "./r.pl:2: _ is 0+foo: foo is no number"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- Y is X + 1, digit(x1, Y).\n",
     "q", "./r.pl:2: _ is _+1: a variable has no value yet"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- X < 1, digit(x1, X).\n",
     "q", "./r.pl:2: _<1: a variable has no value yet"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- X is random(3), digit(x1, X).\n",
     "q", "./r.pl:2: _ is random(3): random(3) is no number"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- X is 2 ** (10 ** 10), digit(x1, X).\n",
     "q", "./r.pl:2: _ is 2**(10**10): a number of more than 4096 bits"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- X is 7 ** 7 ** 7 ** 7, digit(x1, X).\n",
     "q",
     "./r.pl:2: syntax: two operators cannot follow one another: set bracket"
     "s"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- X is sqrt(-1), digit(x1, X).\n",
     "q", "./r.pl:2: _ is sqrt(-1): it has no value"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- X is log(0), digit(x1, X).\n",
     "q", "./r.pl:2: _ is log(0): its value is too large"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- X is 1r3, digit(x1, X).\n",
     "q", "./r.pl:2: _ is 1r3: fractions are written A / B"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- between(a, 2, X), digit(x1, X).\n",
     "q", "./r.pl:2: between(a,2,_): a is not a whole number"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- length(L, -1), digit(x1, 1).\n",
     "q", "./r.pl:2: length(_,-1): it has no value"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- succ(X, 0), digit(x1, X).\n",
     "q", "query 'q': q can never hold: no rule leads to it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- sum_list([a], X), digit(x1, X).\n",
     "q", "./r.pl:2: sum_list([a],_): a is not a number"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- nth0(a, [1], X), digit(x1, X).\n",
     "q", "./r.pl:2: nth0(a,[1],_): a is not a whole number"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- length(L, 1000000000), digit(x1, 1).\n",
     "q",
     "./r.pl: the rules need more memory than they may have: does a recursio"
     "n have no last case, or does a rule take at once what could go step by step, as a sum by its columns?"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- numlist(1, 1000000000, L), digit(x1, 1).\n",
     "q",
     "./r.pl: the rules need more memory than they may have: does a recursio"
     "n have no last case, or does a rule take at once what could go step by step, as a sum by its columns?"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- X = f(X), p(X), digit(x1, 1).\n"
     "p(_).\n",
     "q", "query 'q': q can never hold: no rule leads to it"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- p(Y), digit(x1, 1).\n"
     "p(_).\n",
     "q", "./r.pl:2: p(_) holds for any value of its variable: bind it in a body"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "0.3::c(X).\n"
     "q :- c(Y), digit(x1, 1).\n",
     "q",
     "./r.pl:2: a variable of c(_) has no value when it is chosen: bind it i"
     "n the body"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "evidence(a) :- b.\n",
     "q",
     "./r.pl:2: evidence(a) has a body: state it of a predicate that has tha"
     "t body"},
    {"nn(digit, [X], Y, [0..2]) :: digit(X, Y).\n"
     "q :- digit(x1, 1), p(a_long_name_0,a_long_name_1,a_long_name_2,a_long_"
     "name_3,a_long_name_4,a_long_name_5,a_long_name_6,a_long_name_7,a_long_"
     "name_8,a_long_name_9,a_long_name_10,a_long_name_11,a_long_name_12,a_lo"
     "ng_name_13,a_long_name_14,a_long_name_15,a_long_name_16,a_long_name_17"
     ",a_long_name_18,a_long_name_19,a_long_name_20,a_long_name_21,a_long_na"
     "me_22,a_long_name_23,a_long_name_24,a_long_name_25,a_long_name_26,a_lo"
     "ng_name_27,a_long_name_28,a_long_name_29,a_long_name_30,a_long_name_31"
     ",a_long_name_32,a_long_name_33,a_long_name_34,a_long_name_35,a_long_na"
     "me_36,a_long_name_37,a_long_name_38,a_long_name_39).\n",
     "q", "./r.pl:2: there is no p/40: define it, or correct its name"},
    {"nn(b, [x1], Y, [0..9]) :: b(0, Y).\n"
     "nn(b, [x2], Y, [0..9]) :: b(1, Y).\n"
     "nn(b, [x3], Y, [0..9]) :: b(2, Y).\n"
     "nn(b, [x4], Y, [0..9]) :: b(3, Y).\n"
     "nn(b, [x5], Y, [0..9]) :: b(4, Y).\n"
     "nn(b, [x6], Y, [0..9]) :: b(5, Y).\n"
     "nn(b, [x7], Y, [0..9]) :: b(6, Y).\n"
     "nn(b, [x8], Y, [0..9]) :: b(7, Y).\n"
     "nn(b, [x9], Y, [0..9]) :: b(8, Y).\n"
     "nn(b, [x10], Y, [0..9]) :: b(9, Y).\n"
     "nn(b, [x11], Y, [0..9]) :: b(10, Y).\n"
     "nn(b, [x12], Y, [0..9]) :: b(11, Y).\n"
     "nn(b, [x13], Y, [0..9]) :: b(12, Y).\n"
     "nn(b, [x14], Y, [0..9]) :: b(13, Y).\n"
     "nn(b, [x15], Y, [0..9]) :: b(14, Y).\n"
     "nn(b, [x16], Y, [0..9]) :: b(15, Y).\n"
     "e(I) :- b(I, X), J is I + 8, b(J, X).\n"
     "all(-1).\n"
     "all(N) :- N >= 0, M is N - 1, all(M), e(N).\n"
     "t(0).\n"
     "q :- z, s(0), s(1), s(2), s(3), s(4), s(5), s(6), s(7), e(0), e(1), e("
     "2), e(3), e(4), e(5), e(6), e(7).\n"
     "z :- b(0, 0), b(1, 0), b(2, 0), b(3, 0), b(4, 0), b(5, 0), b(6, 0), b("
     "7, 0).\n"
     "z :- \\+ b(0, 0).\n"
     "s(I) :- b(I, 0).\n"
     "s(I) :- b(I, X), X > 0.\n",
     "q",
     "r.pl: the rules need too large a decision diagram: state them so that "
     "little has to be remembered from one variable to the next"},
};
enum { REFUSED = sizeof refused / sizeof *refused };

static void put(const char *text, size_t n)
{
    ck_assert_int_eq(gedi__file_write("r.pl", text, n, &err), GEDI_OK);
}

static void ck_refused(const char *file, const char *query, const char *message)
{
    rules r;
    err = (gedi_err){0};
    gedi_status s = rules_open(".", file, query, 0, &r, &err);
    ck_assert_msg(s && !strcmp(err.msg, message), "%s\ninstead of\n%s",
                  s ? err.msg : "taken", message);
}

/* Nothing is printed: what Prolog and BuDDy say of themselves would be in the way of a program's own. */
START_TEST(mistakes_are_told_in_whole)
{
    struct stat st;
    fflush(stderr);
    int was = dup(STDERR_FILENO);
    ck_assert_ptr_nonnull(freopen("printed", "w", stderr));
    for (int i = 0; i < REFUSED; i++) {
        put(refused[i].rules, strlen(refused[i].rules));
        ck_refused("r.pl", refused[i].query, refused[i].message);
    }
    fflush(stderr);
    ck_assert_int_eq(stat("printed", &st), 0);
    ck_assert_int_eq(st.st_size, 0);
    dup2(was, STDERR_FILENO);
    close(was);
    ck_assert_int_ne(stat("ran", &st), 0);
}
END_TEST

START_TEST(what_is_no_file_of_rules)
{
    static const char latin[] = "a.\nb('caf\xe9').\n", zero[] = "a.\n\0b.\n";
    ck_refused("none.pl", "q", "./none.pl: No such file or directory");
    ck_assert_int_eq(mkdir("folder", 0777), 0);
    ck_refused("folder", "q", "./folder: not a file");
    ck_refused("/dev/zero", "q", "/dev/zero: not a file");
    put(latin, sizeof latin - 1);
    ck_refused("r.pl", "q", "./r.pl:2: byte 0xe9 is no text: rules are written in UTF-8");
    put(zero, sizeof zero - 1);
    ck_refused("r.pl", "q", "./r.pl:2: byte 0x00 is no text: rules are written in UTF-8");
}
END_TEST

/* `each`, n times, between the others. */
static char *many(const char *before, const char *each, int n, const char *after)
{
    gedi__text t = {0};
    gedi__text_add(&t, "%s", before);
    for (int i = 0; i < n; i++)
        gedi__text_add(&t, "%s", each);
    gedi__text_add(&t, "%s", after);
    ck_assert(!t.failed);
    return t.s; /* free() it */
}

START_TEST(what_is_large_or_deep_has_an_end)
{
    char *text = many("q :- p(", "f('. ',(", 1000, "a).\n");
    put(text, strlen(text));
    free(text);
    ck_refused(
        "r.pl", "q",
        "./r.pl:1: brackets are nested more than 1000 deep: give the parts names of their own");
    put("p(0'(, '((', \"[[\") :- a. % ((((\n", 32);
    text = many("p(", "g(", 1001, "");
    ck_refused(
        "r.pl", text,
        "query:1: brackets are nested more than 1000 deep: give the parts names of their own");
    free(text);
    text = many("", "a", 10000, "");
    ck_refused(
        "r.pl", text,
        "query 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...': there is no "
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...: define it, or correct "
        "its name");
    free(text);
    text = many("q :- p('", "b", 2000000, "').\n");
    put(text, strlen(text));
    free(text);
    ck_refused("r.pl", "q", "./r.pl:1: there is no p/1: define it, or correct its name");
}
END_TEST

static void setup(void)
{
    experiment_setup();
    ck_assert_int_eq(chdir(experiment_folder), 0);
}

static void teardown(void)
{
    ck_assert_int_eq(chdir(".."), 0);
    experiment_teardown();
}

int main(void)
{
    Suite *s = suite_create("rules refused");
    TCase *t = tcase_create("rules refused");
    SRunner *r = srunner_create(s);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, mistakes_are_told_in_whole);
    tcase_add_test(t, what_is_no_file_of_rules);
    tcase_add_test(t, what_is_large_or_deep_has_an_end);
    suite_add_tcase(s, t);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
