NAME all
ROWS
 N objective
 E r1
 G r2
 L r3
 G r4
 N r5
COLUMNS
 c1 objective 1
 c1 r1 -2.5
 c1 r4 0.33
 m1 'MARKER' 'INTORG'
 c2 r5 1
 m2 'MARKER' 'INTEND'
 c3 r2 1e3 r3 -7
RHS
 rhs r1 1
 rhs r2 -2 r3 .5
RANGES
 ranges r4 4
BOUNDS
 FX bounds c2 2
 FR bounds c3
 MI bounds c1
 UP bounds c1 -3
ENDATA
