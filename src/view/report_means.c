/*
 * report_means.c - of the report: how far lines, trades and storehouses are used, month by month,
 * and on whom the plan depends.
 */
#include "view/page.h"
#include "view/svg_plan.h"

#include <math.h>

enum { ROWS_SHOWN = 60, RANKS_SHOWN = 12 };

/* Rows of a table of things and months, as shares: part ÷ whole. */
struct source {
    const char *id;
    numu_word title;
    const struct numu_text *names;
    const numu_month *months;
    const numu_decimal *parts, *wholes;
    numu_row count;
};

struct window {
    numu_month first;
    uint32_t months;
};

/* The months that any of the plan's tables of means speaks of: the horizon. */
static struct window window_of(const struct numu_page *page) {
    const struct numu_plan *plan = page->plan;
    const struct {
        const numu_month *months;
        numu_row count;
    } columns[] = {{plan->hours.month, plan->hours.head.count},
                   {plan->people.month, plan->people.head.count},
                   {plan->store.month, plan->store.head.count},
                   {plan->purse.month, plan->purse.head.count}};
    numu_month first = INT32_MAX;
    numu_month last = INT32_MIN;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        for (numu_row row = 0; row < columns[i].count; row++) {
            numu_month month = columns[i].months[row];
            first = month != NUMU_NO_MONTH && month < first ? month : first;
            last = month != NUMU_NO_MONTH && month > last ? month : last;
        }
    }
    bool is_sound = last >= first && last - (int64_t)first < INT64_C(12) * NUMU_TOTALS_YEARS_MAX;
    return (struct window){first, is_sound ? (uint32_t)(last - first + 1) : 0};
}

/* The number of a name among those seen; a new one is added while there is room. */
static size_t number_of(struct numu_text *names, size_t *count, struct numu_text name) {
    size_t at = 0;
    while (at < *count && !numu_text_is_equal(names[at], name)) {
        at++;
    }
    if (at == *count && at < ROWS_SHOWN) {
        names[(*count)++] = name;
    }
    return at;
}

static numu_status build_heat(struct numu_page *page, const struct source *source,
                              struct window window, struct numu_text *names, double **out_shares,
                              size_t *out_count) {
    *out_count = 0;
    NUMU_TRY(NUMU_TAKE(page->arena, out_shares, (size_t)ROWS_SHOWN * window.months));
    for (size_t i = 0; i < (size_t)ROWS_SHOWN * window.months; i++) {
        (*out_shares)[i] = NAN;
    }
    for (numu_row row = 0; row < source->count; row++) {
        numu_decimal whole = source->wholes[row];
        size_t name = number_of(names, out_count, source->names[row]);
        int64_t t = (int64_t)source->months[row] - window.first;
        if (name < *out_count && t >= 0 && t < window.months && whole != NUMU_NO_NUMBER &&
            whole > 0 && source->parts[row] != NUMU_NO_NUMBER) {
            (*out_shares)[name * window.months + (size_t)t] =
                (double)source->parts[row] / (double)whole;
        }
    }
    return NUMU_OK;
}

static void draw_heat(struct numu_page *page, const struct source *source, struct window window) {
    struct numu_text names[ROWS_SHOWN];
    double *shares;
    size_t count;
    if (source->count == 0 || page->out.status != NUMU_OK) {
        return;
    }
    page->out.status = build_heat(page, source, window, names, &shares, &count);
    if (page->out.status != NUMU_OK) {
        return;
    }
    const struct numu_svg_heat chart = {
        .id = source->id,
        .title = numu_text_of(numu_word_text(page->out.language, source->title)),
        .names = names,
        .shares = shares,
        .rows = count,
        .first = window.first,
        .months = window.months};
    numu_output_raw(&page->out, "<figure><figcaption>");
    numu_output_text(&page->out, chart.title);
    numu_output_raw(&page->out, "</figcaption><div class=\"wide heat\">\n");
    numu_svg_heat(&page->out, &chart);
    numu_output_raw(&page->out, "</div></figure>\n");
}

static void write_use(struct numu_page *page) {
    const struct numu_plan *plan = page->plan;
    struct window window = window_of(page);
    const struct source sources[] = {
        {"chart-hours", NUMU_WORD_heat_hours, plan->hours.resource, plan->hours.month,
         plan->hours.used, plan->hours.capacity, plan->hours.head.count},
        {"chart-people", NUMU_WORD_heat_people, plan->people.skill, plan->people.month,
         plan->people.used, plan->people.hours, plan->people.head.count},
        {"chart-store", NUMU_WORD_heat_store, plan->store.storehouse, plan->store.month,
         plan->store.neq_kg, plan->store.limit_kg, plan->store.head.count}};
    numu_row all = plan->hours.head.count + plan->people.head.count + plan->store.head.count;
    if (window.months == 0 || all == 0) {
        return;
    }
    numu_page_begin_section(page, "use", NUMU_WORD_section_use);
    numu_svg_heat_key(&page->out);
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        draw_heat(page, &sources[i], window);
    }
    numu_page_definition(page, NUMU_WORD_define_use, NUMU_PLAN_TABLE(hours),
                         NUMU_PLAN_TABLE(people));
    numu_page_definition(page, NUMU_WORD_define_use_of_stores, NUMU_PLAN_TABLE(store), NULL);
    numu_page_end_section(page);
}

/* --- partners --- */

static double second_of(const struct numu_plan_indicator *table, struct numu_text partner) {
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->indicator[row], "sole_source") &&
            numu_text_is_equal(table->id[row], partner)) {
            return table->value[row];
        }
    }
    return NAN;
}

static void write_partners(struct numu_page *page) {
    const struct numu_plan_indicator *table = &page->plan->indicator;
    struct numu_svg_rank ranks[RANKS_SHOWN];
    size_t count = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        bool is_share =
            numu_text_is(table->indicator[row], "partner_share") && !isnan(table->value[row]);
        if (!is_share || (count == RANKS_SHOWN && table->value[row] <= ranks[count - 1].share)) {
            continue;
        }
        size_t to = count < RANKS_SHOWN ? count++ : count - 1;
        for (; to > 0 && table->value[row] > ranks[to - 1].share; to--) {
            ranks[to] = ranks[to - 1];
        }
        bool has_name = table->id[row].length > 0;
        ranks[to] = (struct numu_svg_rank){
            .name = has_name
                        ? table->id[row]
                        : numu_text_of(numu_word_text(page->out.language, NUMU_WORD_not_given)),
            .share = table->value[row],
            .second = second_of(table, table->id[row])};
    }
    if (count == 0) {
        return;
    }
    const struct numu_share legend[] = {
        {.name = numu_word_of(page->out.language, "indicator_", NUMU_TEXT("partner_share")),
         .color = 0},
        {.name = numu_word_of(page->out.language, "indicator_", NUMU_TEXT("sole_source")),
         .color = 1}};
    const struct numu_svg_ranks chart = {
        .id = "chart-partners",
        .title = numu_text_of(numu_word_text(page->out.language, NUMU_WORD_section_dependence)),
        .ranks = ranks,
        .count = count};
    numu_page_begin_section(page, "dependence", NUMU_WORD_section_dependence);
    numu_output_raw(&page->out, "<figure class=\"chart\">");
    numu_svg_legend(&page->out, legend, sizeof legend / sizeof legend[0]);
    numu_svg_ranks(&page->out, &chart);
    numu_output_raw(&page->out, "</figure>\n");
    numu_page_definition(page, NUMU_WORD_define_dependence, NUMU_PLAN_TABLE(indicator), NULL);
    numu_page_end_section(page);
}

void numu_report_means(struct numu_page *page) {
    write_use(page);
    write_partners(page);
}
