/*
 * report_programme.c - of the report: the schedule as bars over time.
 *
 * Activities are drawn in groups, each its own chart on one common scale, so that a page break
 * falls between groups. Where most names read "Line: step", the line is the group; else the phase
 * is.
 */
#include "view/page.h"

#include "view/schedule.h"

#include <stdio.h>

enum { GROUP_NAME_BYTES_MAX = 60, MARGIN_DAYS = 20 };

struct programme {
    struct numu_text *groups; /* by activity */
    struct numu_text *names;  /* by activity, without the group */
    numu_day first, last;     /* of the scale */
};

/* Bytes before ": " in a name, or 0. */
static size_t line_length(struct numu_text name) {
    size_t at = numu_text_find(name, NUMU_TEXT(": "), 0);
    return at == SIZE_MAX || at > GROUP_NAME_BYTES_MAX ? 0 : at;
}

static void name_activities(const struct numu_page *page, struct programme *programme) {
    const struct numu_plan_activity *activity = &page->plan->activity;
    const char *const *phases = numu_page_choices(NUMU_PLAN_TABLE(activity), "phase");
    struct numu_text other =
        numu_text_of(numu_word_text(page->out.language, NUMU_WORD_other_activities));
    numu_row with_line = 0;
    for (numu_row row = 0; row < activity->head.count; row++) {
        with_line += line_length(activity->name[row]) > 0;
    }
    bool by_line = with_line > activity->head.count / 2;
    for (numu_row row = 0; row < activity->head.count; row++) {
        struct numu_text name = activity->name[row];
        size_t length = by_line ? line_length(name) : 0;
        programme->groups[row] = other;
        programme->names[row] = name.length > 0 ? name : activity->id[row];
        if (length > 0) {
            programme->groups[row] = (struct numu_text){name.data, length};
            programme->names[row] =
                (struct numu_text){name.data + length + 2, name.length - length - 2};
        } else if (!by_line && activity->phase[row] > 0) {
            programme->groups[row] = numu_word_of(page->out.language, "choice_",
                                                  numu_text_of(phases[activity->phase[row] - 1]));
        }
    }
}

static numu_day earlier(numu_day a, numu_day b) {
    return b != NUMU_NO_DAY && b < a ? b : a;
}

static numu_day later(numu_day a, numu_day b) {
    return b > a ? b : a; /* no day is before all others */
}

static struct numu_day_span {
    numu_day first, last;
} span_of(const struct numu_plan *plan, numu_day deadline) {
    struct numu_day_span span = {INT32_MAX, NUMU_NO_DAY};
    for (numu_row row = 0; row < plan->activity.head.count; row++) {
        span.first = earlier(span.first, plan->activity.start[row]);
        span.last = later(span.last, plan->activity.finish[row]);
        span.last = later(span.last, plan->activity.confident_finish[row]);
    }
    for (numu_row row = 0; row < plan->promise.head.count; row++) {
        span.first = earlier(span.first, plan->promise.date[row]);
        span.last = later(span.last, plan->promise.date[row]);
    }
    span.last = later(span.last, deadline);
    return span;
}

/* The earliest day promised for an activity. */
static numu_day promised_for(const struct numu_plan *plan, struct numu_text activity) {
    numu_day day = NUMU_NO_DAY;
    for (numu_row row = 0; row < plan->promise.head.count; row++) {
        if (numu_text_is_equal(plan->promise.activity[row], activity)) {
            day = day == NUMU_NO_DAY ? plan->promise.date[row]
                                     : earlier(day, plan->promise.date[row]);
        }
    }
    return day;
}

static void draw_group(struct numu_page *page, const struct programme *programme,
                       struct numu_text group, unsigned number, struct numu_gantt_bar *bars) {
    const struct numu_plan_activity *activity = &page->plan->activity;
    struct numu_stamp stamp = numu_plan_stamp(page->plan);
    char id[32];
    size_t count = 0;
    for (numu_row row = 0; row < activity->head.count; row++) {
        if (numu_text_is_equal(programme->groups[row], group)) {
            numu_day late = activity->late_finish[row];
            bars[count++] = (struct numu_gantt_bar){
                .name = programme->names[row],
                .start = activity->start[row],
                .finish = activity->finish[row],
                .late_finish = late > programme->last ? programme->last : late,
                .promised = promised_for(page->plan, activity->id[row]),
                .confident = activity->confident_finish[row] > programme->last
                                 ? programme->last
                                 : activity->confident_finish[row],
                .is_on_longest_path = activity->is_on_longest_path[row] == NUMU_BOOLEAN_TRUE};
        }
    }
    (void)snprintf(id, sizeof id, "gantt-%u", number);
    struct numu_gantt chart = {.id = id,
                               .title = group,
                               .bars = bars,
                               .count = count,
                               .first = programme->first,
                               .last = programme->last,
                               .data_date = stamp.data_date,
                               .deadline = NUMU_NO_DAY};
    numu_day deadline;
    if (numu_day_parse(numu_plan_meta_find(page->plan, "deadline"), &deadline)) {
        chart.deadline = deadline;
    }
    numu_output_raw(&page->out, "<figure class=\"gantt\"><figcaption>");
    numu_output_text(&page->out, group);
    numu_output_raw(&page->out, "</figcaption><div class=\"wide\">\n");
    numu_svg_gantt(&page->out, &chart);
    numu_output_raw(&page->out, "</div></figure>\n");
}

static void draw_groups(struct numu_page *page, const struct programme *programme,
                        struct numu_gantt_bar *bars) {
    unsigned number = 0;
    for (numu_row row = 0; row < page->plan->activity.head.count; row++) {
        bool is_first = true;
        for (numu_row before = 0; before < row && is_first; before++) {
            is_first = !numu_text_is_equal(programme->groups[before], programme->groups[row]);
        }
        if (is_first) {
            draw_group(page, programme, programme->groups[row], number++, bars);
        }
    }
}

static numu_status draw(struct numu_page *page) {
    struct programme programme;
    struct numu_gantt_bar *bars;
    size_t count = page->plan->activity.head.count;
    NUMU_TRY(NUMU_TAKE(page->arena, &programme.groups, count));
    NUMU_TRY(NUMU_TAKE(page->arena, &programme.names, count));
    NUMU_TRY(NUMU_TAKE(page->arena, &bars, count));
    numu_day deadline = NUMU_NO_DAY;
    (void)numu_day_parse(numu_plan_meta_find(page->plan, "deadline"), &deadline);
    struct numu_day_span span = span_of(page->plan, deadline);
    if (span.last == NUMU_NO_DAY || span.first > span.last) {
        return NUMU_OK;
    }
    programme.first = numu_month_first_day(numu_day_month(span.first));
    programme.last = numu_month_last_day(numu_day_month(span.last + MARGIN_DAYS));
    name_activities(page, &programme);
    draw_groups(page, &programme, bars);
    return NUMU_OK;
}

void numu_report_programme(struct numu_page *page) {
    if (page->plan->activity.head.count == 0 || page->out.status != NUMU_OK) {
        return;
    }
    numu_page_begin_section(page, "programme", NUMU_WORD_section_programme);
    numu_svg_gantt_key(&page->out);
    numu_status status = draw(page);
    if (page->out.status == NUMU_OK) {
        page->out.status = status;
    }
    numu_page_definition(page, NUMU_WORD_define_programme, NUMU_PLAN_TABLE(activity), NULL);
    numu_page_end_section(page);
}
