/*
 * instant.c - see instant.h.
 */
#include "ledger/instant.h"

#include <stdio.h>
#include <string.h>

enum { DAY_SECONDS = 86400, TEXT_LENGTH = 20 };

/* Two digits below `limit`, or -1. */
static int two_digits(const char *data, int limit) {
    if (data[0] < '0' || data[0] > '9' || data[1] < '0' || data[1] > '9') {
        return -1;
    }
    int value = (data[0] - '0') * 10 + (data[1] - '0');
    return value < limit ? value : -1;
}

bool numu_instant_parse(struct numu_text text, numu_instant *out) {
    numu_day day;
    if (text.length != TEXT_LENGTH || text.data[10] != 'T' || text.data[13] != ':' ||
        text.data[16] != ':' || text.data[19] != 'Z' ||
        !numu_day_parse((struct numu_text){text.data, 10}, &day)) {
        return false;
    }
    int hour = two_digits(text.data + 11, 24);
    int minute = two_digits(text.data + 14, 60);
    int second = two_digits(text.data + 17, 60);
    if (hour < 0 || minute < 0 || second < 0) {
        return false;
    }
    *out = (numu_instant)day * DAY_SECONDS + (numu_instant)hour * 3600 + (numu_instant)minute * 60 +
           second;
    return true;
}

numu_day numu_instant_day(numu_instant instant) {
    numu_instant day = instant / DAY_SECONDS - (instant % DAY_SECONDS < 0);
    return (numu_day)day;
}

char *numu_instant_format(numu_instant instant, char out[NUMU_INSTANT_TEXT_BYTES]) {
    if (instant == NUMU_NO_INSTANT) {
        out[0] = '\0';
        return out;
    }
    numu_day day = numu_instant_day(instant);
    int second = (int)(instant - (numu_instant)day * DAY_SECONDS);
    char date[NUMU_DAY_TEXT_BYTES];
    (void)snprintf(out, NUMU_INSTANT_TEXT_BYTES, "%.10sT%02d:%02d:%02dZ",
                   numu_day_format(day, date), second / 3600, second / 60 % 60, second % 60);
    return out;
}
