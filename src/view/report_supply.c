/*
 * report_supply.c - of the report: the import bill, what becomes of demand, what is produced.
 */
#include "view/page.h"

#include <stdio.h>

static struct numu_text word_text(const struct numu_page *page, numu_word word) {
    return numu_text_of(numu_word_text(page->out.language, word));
}

/* --- import bill --- */

enum { IMPORT_SERIES = 4 };

static void import_chart(struct numu_page *page) {
    const struct numu_plan_import_bill *bill = &page->plan->import_bill;
    static const numu_word words[IMPORT_SERIES] = {NUMU_WORD_column_without,
                                                   NUMU_WORD_column_finished, NUMU_WORD_column_kits,
                                                   NUMU_WORD_column_capital};
    const numu_money *columns[IMPORT_SERIES] = {bill->without, bill->finished, bill->kits,
                                                bill->capital};
    static const int colors[IMPORT_SERIES] = {4, 0, 1, 2};
    struct numu_series series[IMPORT_SERIES];
    struct numu_share legend[IMPORT_SERIES];
    struct numu_output *out = &page->out;
    for (size_t s = 0; s < IMPORT_SERIES && out->status == NUMU_OK; s++) {
        int64_t *values;
        out->status = NUMU_TAKE(page->arena, &values, (size_t)page->totals.years.count + 1);
        for (numu_row row = 0; out->status == NUMU_OK && row < bill->head.count; row++) {
            uint32_t year = numu_years_of_year(page->totals.years, bill->year[row]);
            numu_output_add(out, &values[year], columns[s][row]);
        }
        series[s] = (struct numu_series){
            .name = word_text(page, words[s]), .stack = s > 0, .color = colors[s]};
        series[s].values = values;
        legend[s] = (struct numu_share){.name = series[s].name, .color = colors[s]};
    }
    if (out->status != NUMU_OK) {
        return;
    }
    const struct numu_bars chart = {.id = "chart-imports",
                                    .title = word_text(page, NUMU_WORD_section_imports),
                                    .unit = numu_text_of(numu_currency_code(page->plan->currency)),
                                    .series = series,
                                    .series_count = IMPORT_SERIES,
                                    .first_year = page->totals.years.first,
                                    .year_count = page->totals.years.count,
                                    .decimals = numu_currency_decimals(page->plan->currency)};
    numu_output_raw(out, "<figure class=\"chart\">");
    numu_svg_legend(out, legend, IMPORT_SERIES);
    numu_svg_bars(out, &chart);
    numu_output_raw(out, "</figure>\n");
}

static void import_cells(struct numu_page *page, numu_money without, numu_money finished,
                         numu_money kits, numu_money capital) {
    numu_money with = 0;
    numu_money saved = 0;
    numu_output_add(&page->out, &with, finished);
    numu_output_add(&page->out, &with, kits);
    numu_output_add(&page->out, &with, capital);
    numu_output_add(&page->out, &saved, without);
    numu_output_add(&page->out, &saved, -with);
    numu_page_cell_money(page, without);
    numu_page_cell_money(page, finished);
    numu_page_cell_money(page, kits);
    numu_page_cell_money(page, capital);
    numu_page_cell_money(page, with);
    numu_page_cell_money(page, saved);
}

static void write_imports(struct numu_page *page) {
    const struct numu_plan_import_bill *bill = &page->plan->import_bill;
    const struct numu_totals *totals = &page->totals;
    if (bill->head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "imports", NUMU_WORD_section_imports);
    import_chart(page);
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_year, false);
    numu_page_head(page, NUMU_WORD_column_without, true);
    numu_page_head(page, NUMU_WORD_column_finished, true);
    numu_page_head(page, NUMU_WORD_column_kits, true);
    numu_page_head(page, NUMU_WORD_column_capital, true);
    numu_page_head(page, NUMU_WORD_with_industry, true);
    numu_page_head(page, NUMU_WORD_saved, true);
    numu_page_end_head(page);
    for (numu_row row = 0; row < bill->head.count; row++) {
        numu_page_begin_row(page);
        numu_output_printf(&page->out, "<td>%lld</td>", (long long)bill->year[row]);
        import_cells(page, bill->without[row], bill->finished[row], bill->kits[row],
                     bill->capital[row]);
        numu_page_end_row(page);
    }
    numu_page_begin_total_row(page);
    numu_page_cell_word(page, NUMU_WORD_total);
    import_cells(page, totals->import_without, totals->import_finished, totals->import_kits,
                 totals->import_capital);
    numu_page_end_row(page);
    numu_page_end_table(page);
    numu_page_definition(page, NUMU_WORD_define_imports, NUMU_PLAN_TABLE(import_bill), NULL);
    numu_page_end_section(page);
}

/* --- demand --- */

enum { FATES = 3 };

static void fate_shares(const struct numu_page *page, int64_t on_time, int64_t late, int64_t unmet,
                        struct numu_share shares[FATES]) {
    shares[0] = (struct numu_share){word_text(page, NUMU_WORD_column_on_time), on_time, 0};
    shares[1] = (struct numu_share){word_text(page, NUMU_WORD_column_late), late, 1};
    shares[2] = (struct numu_share){word_text(page, NUMU_WORD_column_unmet), unmet, 4};
}

static void fate_cell(struct numu_page *page, int64_t on_time, int64_t late, int64_t unmet) {
    struct numu_share shares[FATES];
    fate_shares(page, on_time, late, unmet, shares);
    numu_output_raw(&page->out, "<td class=\"bars\">");
    numu_svg_shares(&page->out, shares, FATES);
    numu_page_end_cell(page);
}

static void fate_head(struct numu_page *page, numu_word amount) {
    numu_page_head(page, amount, true);
    numu_page_head(page, NUMU_WORD_column_on_time, true);
    numu_page_head(page, NUMU_WORD_column_late, true);
    numu_page_head(page, NUMU_WORD_column_unmet, true);
    numu_page_head(page, NUMU_WORD_share_on_time, true);
    numu_page_head(page, NUMU_WORD_empty, false);
    numu_page_end_head(page);
}

static void demand_by_family(struct numu_page *page) {
    const char *const *families = numu_page_choices(NUMU_PLAN_TABLE(item), "family");
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_family, false);
    numu_page_head(page, NUMU_WORD_column_unit, false);
    fate_head(page, NUMU_WORD_wanted);
    for (uint32_t g = 0; g < page->totals.group_count; g++) {
        const struct numu_group *group = &page->totals.groups[g];
        if (!group->is_wanted) {
            continue;
        }
        numu_page_begin_row(page);
        numu_page_cell_choice(page, families, group->family);
        numu_page_cell_text(page, group->unit);
        numu_page_cell_quantity(page, group->wanted);
        numu_page_cell_quantity(page, group->on_time);
        numu_page_cell_quantity(page, group->late);
        numu_page_cell_quantity(page, group->unmet);
        numu_page_cell_percent(page, group->on_time, group->wanted);
        fate_cell(page, group->on_time, group->late, group->unmet);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

static void demand_by_customer(struct numu_page *page) {
    const char *const *kinds = numu_page_choices(NUMU_PLAN_TABLE(demand), "customer_kind");
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_customer, false);
    numu_page_head(page, NUMU_WORD_column_kind, false);
    fate_head(page, NUMU_WORD_demands);
    for (uint32_t c = 0; c < page->totals.customer_count; c++) {
        const struct numu_customer_total *customer = &page->totals.customers[c];
        numu_page_begin_row(page);
        numu_page_cell_text(page, customer->id);
        numu_page_cell_choice(page, kinds, customer->kind);
        numu_page_cell_integer(page, customer->rows);
        numu_page_cell_integer(page, customer->on_time);
        numu_page_cell_integer(page, customer->late);
        numu_page_cell_integer(page, customer->unmet);
        numu_page_cell_percent(page, customer->on_time, customer->rows);
        fate_cell(page, customer->on_time, customer->late, customer->unmet);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

/* --- neighbours --- */

static bool is_neighbour(const struct numu_plan_demand *demand, numu_row row) {
    return demand->customer_kind[row] == numu_customer_kind_regional;
}

static bool is_same_want(const struct numu_plan_demand *demand, numu_row a, numu_row b) {
    return numu_text_is_equal(demand->customer[a], demand->customer[b]) &&
           numu_text_is_equal(demand->item[a], demand->item[b]);
}

/* All that a neighbour wants of an item, in a row. */
static void neighbour_row(struct numu_page *page, numu_row first) {
    const struct numu_plan_demand *demand = &page->plan->demand;
    numu_quantity sums[4] = {0};
    for (numu_row row = first; row < demand->head.count; row++) {
        if (is_neighbour(demand, row) && is_same_want(demand, row, first)) {
            numu_output_add(&page->out, &sums[0], demand->quantity[row]);
            numu_output_add(&page->out, &sums[1], demand->on_time[row]);
            numu_output_add(&page->out, &sums[2], demand->late[row]);
            numu_output_add(&page->out, &sums[3], demand->unmet[row]);
        }
    }
    numu_page_begin_row(page);
    numu_page_cell_text(page, demand->customer[first]);
    numu_page_cell_text(page, demand->item[first]);
    for (size_t i = 0; i < 4; i++) {
        numu_page_cell_quantity(page, sums[i]);
    }
    numu_page_cell_percent(page, sums[1], sums[0]);
    fate_cell(page, sums[1], sums[2], sums[3]);
    numu_page_end_row(page);
}

/* The first row of each want of a neighbour, at most so many. */
enum { WANTS_MAX = 200 };

static size_t find_wants(const struct numu_plan_demand *demand, numu_row wants[WANTS_MAX]) {
    size_t count = 0;
    for (numu_row row = 0; row < demand->head.count && count < WANTS_MAX; row++) {
        size_t at = 0;
        while (at < count && !is_same_want(demand, wants[at], row)) {
            at++;
        }
        if (at == count && is_neighbour(demand, row)) {
            wants[count++] = row;
        }
    }
    return count;
}

/* What neighbours and joint forces would need, item by item. */
static void demand_of_neighbours(struct numu_page *page) {
    numu_row wants[WANTS_MAX];
    size_t count = find_wants(&page->plan->demand, wants);
    if (count == 0) {
        return;
    }
    numu_output_raw(&page->out, "<h3>");
    numu_output_word(&page->out, NUMU_WORD_demand_of_neighbours);
    numu_output_raw(&page->out, "</h3>\n");
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_customer, false);
    numu_page_head(page, NUMU_WORD_column_item, false);
    fate_head(page, NUMU_WORD_wanted);
    for (size_t i = 0; i < count; i++) {
        neighbour_row(page, wants[i]);
    }
    numu_page_end_table(page);
}

static void write_demand(struct numu_page *page) {
    if (page->plan->demand.head.count == 0) {
        return;
    }
    struct numu_share legend[FATES];
    fate_shares(page, 0, 0, 0, legend);
    numu_page_begin_section(page, "demand", NUMU_WORD_section_demand);
    numu_svg_legend(&page->out, legend, FATES);
    demand_by_family(page);
    demand_by_customer(page);
    demand_of_neighbours(page);
    numu_page_definition(page, NUMU_WORD_define_demand, NUMU_PLAN_TABLE(demand),
                         NUMU_PLAN_TABLE(service));
    numu_page_end_section(page);
}

/* --- production --- */

/* Drawn from the bottom of the bar up, what is most one's own first. */
static const struct {
    uint8_t kind;
    int color;
} production_series[] = {{numu_process_kind_make, 0},
                         {numu_process_kind_assemble, 2},
                         {numu_process_kind_import, 1},
                         {numu_process_kind_purchase, 4},
                         {numu_process_kind_repair, 5}};
enum { PRODUCTION_SERIES = sizeof production_series / sizeof production_series[0] };

static struct numu_text kind_name(const struct numu_page *page, uint8_t kind) {
    const char *const *kinds = numu_page_choices(NUMU_PLAN_TABLE(production), "kind");
    return numu_word_of(page->out.language, "choice_", numu_text_of(kinds[kind - 1]));
}

static struct numu_text family_name(const struct numu_page *page, uint8_t family) {
    const char *const *families = numu_page_choices(NUMU_PLAN_TABLE(item), "family");
    return family == 0
               ? word_text(page, NUMU_WORD_not_given)
               : numu_word_of(page->out.language, "choice_", numu_text_of(families[family - 1]));
}

static bool is_made(const struct numu_page *page, const struct numu_group *group, uint8_t kind) {
    uint32_t years = page->totals.years.count;
    for (uint32_t year = 0; year < years; year++) {
        if (group->made[kind * years + year] > 0) {
            return true;
        }
    }
    return false;
}

static void production_chart(struct numu_page *page, uint32_t number) {
    const struct numu_group *group = &page->totals.groups[number];
    struct numu_series series[PRODUCTION_SERIES];
    char id[32];
    size_t count = 0;
    for (size_t s = 0; s < PRODUCTION_SERIES; s++) {
        uint8_t kind = production_series[s].kind;
        if (is_made(page, group, kind)) {
            series[count++] = (struct numu_series){
                .name = kind_name(page, kind),
                .values = group->made + (size_t)kind * page->totals.years.count,
                .color = production_series[s].color};
        }
    }
    (void)snprintf(id, sizeof id, "chart-production-%u", (unsigned)number);
    const struct numu_bars chart = {.id = id,
                                    .title = family_name(page, group->family),
                                    .unit = group->unit,
                                    .series = series,
                                    .series_count = count,
                                    .first_year = page->totals.years.first,
                                    .year_count = page->totals.years.count,
                                    .decimals = NUMU_QUANTITY_DECIMALS};
    numu_output_raw(&page->out, "<figure><figcaption>");
    numu_output_text(&page->out, chart.title);
    numu_output_raw(&page->out, "</figcaption>\n");
    numu_svg_bars(&page->out, &chart);
    numu_output_raw(&page->out, "</figure>\n");
}

static void production_table(struct numu_page *page) {
    const struct numu_years *years = &page->totals.years;
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_family, false);
    numu_page_head(page, NUMU_WORD_column_unit, false);
    numu_page_head(page, NUMU_WORD_column_kind, false);
    for (uint32_t year = 0; year < years->count; year++) {
        numu_output_printf(&page->out, "<th scope=\"col\" class=\"n\">%ld</th>",
                           (long)years->first + (long)year);
    }
    numu_page_end_head(page);
    for (uint32_t g = 0; g < page->totals.group_count; g++) {
        const struct numu_group *group = &page->totals.groups[g];
        for (size_t s = 0; s < PRODUCTION_SERIES; s++) {
            uint8_t kind = production_series[s].kind;
            if (!is_made(page, group, kind)) {
                continue;
            }
            numu_page_begin_row(page);
            numu_page_cell_text(page, family_name(page, group->family));
            numu_page_cell_text(page, group->unit);
            numu_page_cell_text(page, kind_name(page, kind));
            for (uint32_t year = 0; year < years->count; year++) {
                numu_page_cell_quantity(page, group->made[kind * years->count + year]);
            }
            numu_page_end_row(page);
        }
    }
    numu_page_end_table(page);
}

static void write_production(struct numu_page *page) {
    if (page->plan->production.head.count == 0) {
        return;
    }
    struct numu_share legend[PRODUCTION_SERIES];
    for (size_t s = 0; s < PRODUCTION_SERIES; s++) {
        legend[s] = (struct numu_share){.name = kind_name(page, production_series[s].kind),
                                        .color = production_series[s].color};
    }
    numu_page_begin_section(page, "production", NUMU_WORD_section_production);
    numu_svg_legend(&page->out, legend, PRODUCTION_SERIES);
    numu_output_raw(&page->out, "<div class=\"charts\">\n");
    for (uint32_t g = 0; g < page->totals.group_count; g++) {
        if (page->totals.groups[g].is_wanted) {
            production_chart(page, g);
        }
    }
    numu_output_raw(&page->out, "</div>\n");
    production_table(page);
    numu_page_definition(page, NUMU_WORD_define_production, NUMU_PLAN_TABLE(production),
                         NUMU_PLAN_TABLE(stock));
    numu_page_end_section(page);
}

void numu_report_supply(struct numu_page *page) {
    write_imports(page);
    write_demand(page);
    write_production(page);
}
