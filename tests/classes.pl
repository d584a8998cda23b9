% What conformance tests give to plugins that take rules: a part has a class.
nn(pair, [X], Y, [0, 1]) :: pair(X, Y).
nn(triple, [X], Y, [0, 1, 2]) :: triple(X, Y).
