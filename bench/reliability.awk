# usage: awk -F, -f bench/reliability.awk calibration.csv >reliability.svg
# The reliability diagram of bench/calibration.c: across, the probability p that a forecast gives; up, the share of projects
# that had taken no longer than its quantile p. A calibrated forecaster lies along the diagonal: 95 times in 100 within the
# grey band (binomial, point by point). Steps are projects.

function x_of(p) { return 50 + 400 * p }
function y_of(p) { return 430 - 400 * p }

# Least k with P(K <= k) >= q, K binomial.
function binomial_quantile(n, p, q, k, term, sum) {
    if (p <= 0) return 0
    if (p >= 1) return n
    term = exp(n * log(1 - p))
    sum = term
    for (k = 0; k < n && sum < q; k++) {
        term *= (n - k) / (k + 1) * p / (1 - p)
        sum += term
    }
    return k
}

NR == 1 {
    for (i = 1; i <= NF; i++) {
        if ($i ~ /_place$/) {
            column[++forecasters] = i
            name[forecasters] = substr($i, 1, length($i) - 6)
        }
    }
    next
}

{
    n++
    for (f = 1; f <= forecasters; f++) place[f, n] = $column[f]
}

END {
    split("#1d4e7e #e0912b #3f7d4e #9c1f1f #6f7a86 #8a5fb0 #222222", color, " ")
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 480\" font-family=\"sans-serif\" font-size=\"13\">"
    print "<title>Reliability of forecasts: share of outcomes below each quantile</title>"
    print "<rect width=\"640\" height=\"480\" fill=\"#fff\"/>"
    upper = lower = ""
    for (i = 0; i <= 50; i++) {
        p = i / 50
        upper = upper sprintf("%s%.1f %.1f", i ? "L" : "M", x_of(p), y_of(binomial_quantile(n, p, 0.975) / n))
        q = 1 - p
        lower = lower sprintf("L%.1f %.1f", x_of(q), y_of(binomial_quantile(n, q, 0.025) / n))
    }
    printf "<path d=\"%s%sz\" fill=\"#e4e7ea\"/>\n", upper, lower
    for (i = 0; i <= 5; i++) {
        printf "<path d=\"M%.1f %.1fV%.1fM%.1f %.1fH%.1f\" stroke=\"#c4cad0\"/>\n", x_of(i / 5), y_of(0), y_of(1), x_of(0), y_of(i / 5), x_of(1)
        printf "<text x=\"%.1f\" y=\"450\" text-anchor=\"middle\">%d%%</text><text x=\"42\" y=\"%.1f\" text-anchor=\"end\">%d%%</text>\n", x_of(i / 5), 20 * i, y_of(i / 5) + 4, 20 * i
    }
    printf "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#5b6470\" stroke-dasharray=\"5 4\"/>\n", x_of(0), y_of(0), x_of(1), y_of(1)
    for (f = 1; f <= forecasters; f++) {
        path = sprintf("M%.1f %.1f", x_of(0), y_of(0))
        for (i = 0; i <= 200; i++) {
            p = i / 200
            count = 0
            for (k = 1; k <= n; k++) count += place[f, k] <= p
            path = path sprintf("L%.1f %.1f", x_of(p), y_of(count / n))
        }
        printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", path, color[f]
        printf "<path d=\"M470 %dh24\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"500\" y=\"%d\">%s</text>\n", 40 + 22 * f, color[f], 45 + 22 * f, name[f]
    }
    printf "<text x=\"250\" y=\"472\" text-anchor=\"middle\">probability that the forecast gives (%d projects)</text>\n", n
    print "<text x=\"14\" y=\"230\" text-anchor=\"middle\" transform=\"rotate(-90 14 230)\">share of outcomes</text>"
    print "</svg>"
}
