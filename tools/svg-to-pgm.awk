#!/usr/bin/awk -f
# usage: tools/svg-to-pgm.awk MARK.svg > MARK.pgm
# Draws the runs of modules of a mark (src/view/mark.c), eight pixels each, so that a reader of
# symbols can be asked what an SVG says.

match($0, /viewBox="0 0 [0-9]+ [0-9]+"/) {
    split(substr($0, RSTART + 13, RLENGTH - 14), size, " ")
    width = size[1]
    height = size[2]
}

match($0, /<path d="[^"]*"/) {
    count = split(substr($0, RSTART + 9, RLENGTH - 10), run, "M")
    for (i = 2; i <= count; i++) {
        split(run[i], number, /[ hvz-]+/)
        for (x = number[1]; x < number[1] + number[3]; x++) {
            dark[number[2], x] = 1
        }
    }
}

END {
    scale = 8
    # Both shades are letters, so that no locale changes a byte.
    printf "P5\n%d %d\n255\n", width * scale, height * scale
    for (y = 0; y < height; y++) {
        line = ""
        for (x = 0; x < width; x++) {
            for (i = 0; i < scale; i++) {
                line = line ((y, x) in dark ? " " : "~")
            }
        }
        for (i = 0; i < scale; i++) {
            printf "%s", line
        }
    }
}
