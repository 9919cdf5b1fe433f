/*
 * reference.c - the product limit over rows of `reference`.
 */
#include "programme/reference.h"

#include <math.h>

struct observation {
    double time;
    bool is_finished;
};

/* Ascending; of equal times finished ones first. Few rows: insertion. */
static void sort(struct observation *list, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        struct observation one = list[i];
        uint32_t place = i;
        for (; place > 0; place--) {
            const struct observation *before = &list[place - 1];
            bool is_later = before->time > one.time ||
                            (before->time == one.time && one.is_finished && !before->is_finished);
            if (!is_later) {
                break;
            }
            list[place] = *before;
        }
        list[place] = one;
    }
}

numu_status numu_survival_build(const double *time, const bool *is_finished, uint32_t count,
                                struct numu_arena *arena, struct numu_survival *out) {
    double *times;
    double *shares;
    double *errors;
    struct observation *list;
    NUMU_TRY(NUMU_TAKE(arena, &times, count));
    NUMU_TRY(NUMU_TAKE(arena, &shares, count));
    NUMU_TRY(NUMU_TAKE(arena, &errors, count));
    NUMU_TRY(NUMU_TAKE(arena, &list, count));
    *out = (struct numu_survival){
        .time = times, .share = shares, .error = errors, .programmes = count};
    for (uint32_t i = 0; i < count; i++) {
        list[i] = (struct observation){time[i], is_finished[i]};
        out->finished += is_finished[i];
    }
    sort(list, count);
    double share = 1;
    double greenwood = 0;
    for (uint32_t i = 0; i < count;) {
        uint32_t at_risk = count - i;
        uint32_t done = 0;
        double now = list[i].time;
        for (; i < count && list[i].time == now; i++) {
            done += list[i].is_finished;
        }
        if (done > 0) {
            share *= 1 - (double)done / at_risk;
            greenwood += at_risk > done ? (double)done / ((double)at_risk * (at_risk - done)) : 0;
            times[out->count] = now;
            shares[out->count] = share;
            errors[out->count++] = share * sqrt(greenwood);
        }
        out->longest = now;
    }
    return NUMU_OK;
}

double numu_survival_share(const struct numu_survival *survival, double time, double *out_error) {
    double share = 1;
    double error = 0;
    for (uint32_t i = 0; i < survival->count && survival->time[i] <= time; i++) {
        share = survival->share[i];
        error = survival->error[i];
    }
    if (out_error != NULL) {
        *out_error = error;
    }
    return share;
}

double numu_survival_quantile(const struct numu_survival *survival, double age, double percent) {
    double unfinished = numu_survival_share(survival, age, NULL) * (1 - percent / 100);
    for (uint32_t i = 0; i < survival->count; i++) {
        if (survival->time[i] > age && survival->share[i] <= unfinished + 1e-12) {
            return survival->time[i];
        }
    }
    return NAN;
}

/* --- rows of reference --- */

/* [V1] The day it ended or was last looked at; NUMU_NO_DAY = it does not count. */
static numu_day end_of(const struct numu_model *model, numu_row row, bool *is_finished) {
    const struct numu_table_reference *reference = &model->reference;
    *is_finished = reference->status[row] == numu_reference_status_finished ||
                   (reference->status[row] == 0 && reference->actual[row] != NUMU_NO_DAY);
    if (reference->announced[row] == NUMU_NO_DAY) {
        return NUMU_NO_DAY;
    }
    if (*is_finished) {
        return reference->actual[row];
    }
    bool is_unknown = reference->status[row] == numu_reference_status_unknown;
    return reference->observed[row] == NUMU_NO_DAY && !is_unknown ? model->package.data_date[0]
                                                                  : reference->observed[row];
}

static numu_status build_of(const struct numu_model *model, bool of_slip, struct numu_arena *arena,
                            struct numu_survival *out) {
    const struct numu_table_reference *reference = &model->reference;
    struct numu_arena scratch;
    double *time;
    bool *is_finished;
    uint32_t count = 0;
    numu_arena_init(&scratch, arena->heap);
    numu_status status = NUMU_TAKE(&scratch, &time, reference->head.count);
    if (status == NUMU_OK) {
        status = NUMU_TAKE(&scratch, &is_finished, reference->head.count);
    }
    for (numu_row row = 0; status == NUMU_OK && row < reference->head.count; row++) {
        numu_day announced = reference->announced[row];
        numu_day planned = reference->planned[row];
        numu_day end = end_of(model, row, &is_finished[count]);
        bool has_plan = planned != NUMU_NO_DAY && announced != NUMU_NO_DAY && planned > announced;
        if (end == NUMU_NO_DAY || end < announced || (of_slip && !has_plan)) {
            continue;
        }
        time[count] = (double)end - announced;
        time[count] /= of_slip ? (double)planned - announced : 1;
        count++;
    }
    if (status == NUMU_OK) {
        status = numu_survival_build(time, is_finished, count, arena, out);
    }
    numu_arena_release(&scratch);
    return status;
}

numu_status numu_reference_build(const struct numu_model *model, struct numu_arena *arena,
                                 struct numu_reference_class *out) {
    NUMU_TRY(build_of(model, false, arena, &out->days));
    return build_of(model, true, arena, &out->slip);
}

struct numu_outside_view numu_outside_view_of(const struct numu_survival *days, numu_day announced,
                                              numu_day promised, numu_day data_date) {
    static const double percent[4] = {10, 50, 80, 90};
    struct numu_outside_view view = {
        .announced = announced,
        .probability = (double)NAN,
        .error = (double)NAN,
        .quantile = {NUMU_NO_DAY, NUMU_NO_DAY, NUMU_NO_DAY, NUMU_NO_DAY}};
    if (days->programmes == 0 || announced == NUMU_NO_DAY) {
        return view;
    }
    /* Not finished by the end of the data date; a promise kept on a day was kept after `time`. */
    double age = data_date > announced ? (double)data_date - announced : 0;
    double unfinished = numu_survival_share(days, age, NULL);
    for (int k = 0; k < 4; k++) {
        double time = numu_survival_quantile(days, age, percent[k]);
        view.quantile[k] = isnan(time) ? NUMU_NO_DAY : announced + (numu_day)ceil(time);
    }
    double at = (double)promised - announced;
    if (unfinished <= 0 || (at > days->longest && numu_survival_share(days, at, NULL) > 0)) {
        return view; /* nobody was watched so long */
    }
    double error;
    double share = numu_survival_share(days, at, &error);
    view.probability = at <= age ? 0 : 1 - share / unfinished;
    view.error = at <= age ? 0 : error / unfinished;
    return view;
}
