/*
 * report_orders.c - of the report: what to order and start this month, what is late, from whom.
 *
 * "This month" is the horizon's first, or the month of the first order where that is later.
 */
#include "view/page.h"

#include "model/model.h"

enum { EXCEPTIONS_MAX = 40, MONTHS_AHEAD = 12 };

/* Orders of one process, or of one partner, summed. */
struct sum {
    numu_row first; /* the first of its orders */
    struct numu_text name;
    int64_t orders;
    numu_quantity quantity;
    numu_money cost;
};

struct sums {
    struct sum *list;
    uint32_t count;
};

static numu_month first_month(const struct numu_page *page) {
    numu_day start;
    numu_month month = NUMU_NO_MONTH;
    if (numu_day_parse(numu_plan_meta_find(page->plan, "start"), &start)) {
        month = numu_day_month(start);
    }
    numu_month earliest = numu_day_month(page->plan->planned_order.start[0]);
    return month == NUMU_NO_MONTH || earliest > month ? earliest : month;
}

static bool is_bought(const struct numu_page *page, numu_row row) {
    uint8_t kind = page->plan->planned_order.kind[row];
    return kind == numu_process_kind_import || kind == numu_process_kind_purchase;
}

static void add_to(struct numu_page *page, struct sums *sums, numu_row row, struct numu_text name) {
    const struct numu_plan_planned_order *order = &page->plan->planned_order;
    uint32_t i = 0;
    while (i < sums->count && !numu_text_is_equal(sums->list[i].name, name)) {
        i++;
    }
    if (i == sums->count) {
        sums->list[sums->count++] = (struct sum){.first = row, .name = name};
    }
    sums->list[i].orders++;
    numu_output_add(&page->out, &sums->list[i].quantity, order->quantity[row]);
    numu_output_add(&page->out, &sums->list[i].cost, order->cost[row]);
}

/* Orders by process (by_partner: bought ones by partner) that start before a month ends. */
static void sum_orders(struct numu_page *page, numu_month last, bool by_partner, struct sums *out) {
    const struct numu_plan_planned_order *order = &page->plan->planned_order;
    out->count = 0;
    page->out.status = NUMU_TAKE(page->arena, &out->list, order->head.count);
    for (numu_row row = 0; row < order->head.count && page->out.status == NUMU_OK; row++) {
        bool is_soon = numu_day_month(order->start[row]) <= last;
        if (is_soon && order->process[row].length > 0 && (!by_partner || is_bought(page, row))) {
            add_to(page, out, row, by_partner ? order->partner[row] : order->process[row]);
        }
    }
}

static void cell_day(struct numu_page *page, numu_day day) {
    numu_output_raw(&page->out, "<td class=\"d\">");
    numu_output_day(&page->out, day);
    numu_page_end_cell(page);
}

static void write_this_month(struct numu_page *page, numu_month month) {
    const struct numu_plan_planned_order *order = &page->plan->planned_order;
    const char *const *kinds = numu_page_choices(NUMU_PLAN_TABLE(planned_order), "kind");
    struct sums sums;
    sum_orders(page, month, false, &sums);
    numu_output_raw(&page->out, "<h3>");
    numu_output_word(&page->out, NUMU_WORD_orders_this_month);
    numu_output_raw(&page->out, " ");
    numu_output_month(&page->out, month);
    numu_output_raw(&page->out, "</h3>\n");
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_kind, false);
    numu_page_head(page, NUMU_WORD_column_item, false);
    numu_page_head(page, NUMU_WORD_orders_from_whom, false);
    numu_page_head(page, NUMU_WORD_column_site, false);
    numu_page_head(page, NUMU_WORD_column_start, false);
    numu_page_head(page, NUMU_WORD_column_due, false);
    numu_page_head(page, NUMU_WORD_column_quantity, true);
    numu_page_head(page, NUMU_WORD_column_cost, true);
    numu_page_end_head(page);
    for (uint32_t i = 0; i < sums.count && page->out.status == NUMU_OK; i++) {
        numu_row row = sums.list[i].first;
        numu_page_begin_row(page);
        numu_page_cell_choice(page, kinds, order->kind[row]);
        numu_page_cell_text(page, order->item[row]);
        numu_page_cell_text(page, order->partner[row]);
        numu_page_cell_text(page, order->site[row]);
        cell_day(page, order->start[row]);
        cell_day(page, order->due[row]);
        numu_page_cell_quantity(page, sums.list[i].quantity);
        numu_page_cell_money(page, sums.list[i].cost);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

static void write_exceptions(struct numu_page *page) {
    const struct numu_plan_exception *exception = &page->plan->exception;
    const char *const *kinds = numu_page_choices(NUMU_PLAN_TABLE(exception), "kind");
    numu_output_raw(&page->out, "<h3>");
    numu_output_word(&page->out, NUMU_WORD_orders_exceptions);
    numu_output_raw(&page->out, "</h3>\n");
    if (exception->head.count == 0) {
        numu_output_raw(&page->out, "<p>");
        numu_output_word(&page->out, NUMU_WORD_orders_no_exception);
        numu_output_raw(&page->out, "</p>\n");
        return;
    }
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_kind, false);
    numu_page_head(page, NUMU_WORD_column_item, false);
    numu_page_head(page, NUMU_WORD_column_site, false);
    numu_page_head(page, NUMU_WORD_column_subject, false);
    numu_page_head(page, NUMU_WORD_column_day, false);
    numu_page_head(page, NUMU_WORD_column_new_day, false);
    numu_page_head(page, NUMU_WORD_column_quantity, true);
    numu_page_head(page, NUMU_WORD_column_hours, true);
    numu_page_end_head(page);
    for (numu_row row = 0; row < exception->head.count && row < EXCEPTIONS_MAX; row++) {
        numu_page_begin_row(page);
        numu_page_cell_choice(page, kinds, exception->kind[row]);
        numu_page_cell_text(page, exception->item[row]);
        numu_page_cell_text(page, exception->site[row]);
        numu_page_cell_text(page, exception->subject[row]);
        cell_day(page, exception->day[row]);
        cell_day(page, exception->new_day[row]);
        numu_page_cell_quantity(page, exception->quantity[row]);
        numu_page_begin_cell(page, true);
        numu_output_number(&page->out, exception->hours[row], NUMU_DECIMAL_DECIMALS, 1, true);
        numu_page_end_cell(page);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
    if (exception->head.count > EXCEPTIONS_MAX) {
        numu_output_raw(&page->out, "<p>");
        numu_output_fill(&page->out, NUMU_WORD_and_more,
                         numu_argument_integer(exception->head.count - EXCEPTIONS_MAX));
        numu_output_raw(&page->out, "</p>\n");
    }
}

static void write_partners(struct numu_page *page, numu_month month) {
    struct sums sums;
    sum_orders(page, month + MONTHS_AHEAD - 1, true, &sums);
    if (sums.count == 0 || page->out.status != NUMU_OK) {
        return;
    }
    numu_output_raw(&page->out, "<h3>");
    numu_output_word(&page->out, NUMU_WORD_orders_partners);
    numu_output_raw(&page->out, "</h3>\n");
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_orders_from_whom, false);
    numu_page_head(page, NUMU_WORD_table_planned_order, true);
    numu_page_head(page, NUMU_WORD_column_cost, true);
    numu_page_end_head(page);
    for (uint32_t i = 0; i < sums.count; i++) {
        numu_page_begin_row(page);
        if (sums.list[i].name.length > 0) {
            numu_page_cell_text(page, sums.list[i].name);
        } else {
            numu_page_cell_word(page, NUMU_WORD_not_given);
        }
        numu_page_cell_integer(page, sums.list[i].orders);
        numu_page_cell_money(page, sums.list[i].cost);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

void numu_report_orders(struct numu_page *page) {
    if (page->plan->planned_order.head.count == 0) {
        return;
    }
    numu_month month = first_month(page);
    numu_page_begin_section(page, "orders", NUMU_WORD_section_orders);
    write_this_month(page, month);
    write_exceptions(page);
    write_partners(page, month);
    numu_page_definition(page, NUMU_WORD_define_orders, NUMU_PLAN_TABLE(planned_order),
                         NUMU_PLAN_TABLE(peg));
    numu_page_end_section(page);
}
