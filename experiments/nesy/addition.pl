% Sums of digits. A network says which digit an image is.
nn(digit, [X], Y, [0..9]) :: digit(X, Y).

% Three images: the third is the sum of the others.
addition(A, B, C) :- digit(A, X), digit(B, Y), Z is X + Y, digit(C, Z).

% Two images and their sum, a number.
sum(A, B, S) :- digit(A, X), digit(B, Y), S is X + Y.

% What is asked where a descriptor does not say.
query(sum(x1, x2, S)).
