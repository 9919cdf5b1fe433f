* fixed
NAME          TWO WORDS
ROWS
 N  COST
 E  MAKE
COLUMNS
    A         COST             2.5   MAKE             1D0
RHS
    MAKE        4.
RANGES
    R  MAKE  -2.
BOUNDS
 BV BND  A
ENDATA
