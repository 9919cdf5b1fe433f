/*
 * master_mps.c - the last stage as free MPS with names.
 *
 * Names are written like terms of a formula: make[rifle_skd,2026-03]. Ids hold neither brackets nor
 * commas, so that names are unique.
 */
#include "plan/master_problem.h"

#include <math.h>
#include <stdio.h>

static numu_status write_name(struct numu_buffer *buffer, const char *kind,
                              const struct numu_text *parts, size_t count) {
    NUMU_TRY(numu_buffer_append_string(buffer, kind));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(numu_buffer_append_char(buffer, i == 0 ? '[' : ','));
        NUMU_TRY(numu_buffer_append(buffer, parts[i].data, parts[i].length));
    }
    return numu_buffer_append_char(buffer, ']');
}

static numu_status write_pair(struct numu_buffer *buffer, const char *kind, struct numu_text id,
                              struct numu_text month) {
    return write_name(buffer, kind, (struct numu_text[]){id, month}, 2);
}

/* "demand", "demand,again2" where the tail repeats it a second time. */
static numu_status write_need_name(const struct numu_master *master, const char *kind, uint32_t n,
                                   struct numu_text month, struct numu_buffer *buffer) {
    const struct numu_master_need *need = &master->need[n];
    NUMU_TRY(numu_buffer_printf(buffer, "%s[", kind));
    struct numu_text id = master->model->demand.id[need->demand];
    NUMU_TRY(numu_buffer_append(buffer, id.data, id.length));
    if (need->repeat > 0) {
        NUMU_TRY(numu_buffer_printf(buffer, ",again%u", need->repeat));
    }
    NUMU_TRY(numu_buffer_append_char(buffer, ','));
    NUMU_TRY(numu_buffer_append(buffer, month.data, month.length));
    return numu_buffer_append_char(buffer, ']');
}

static numu_status write_place_name(const struct numu_master *master, const char *kind,
                                    uint32_t place, struct numu_text month,
                                    struct numu_buffer *buffer) {
    const struct numu_model *model = master->model;
    struct numu_text parts[] = {model->item.id[master->place[place].item],
                                model->site.id[master->place[place].site], month};
    return write_name(buffer, kind, parts, 3);
}

/* Routes have no id: their row tells two between the same sites apart. */
static numu_status write_shipping_name(const struct numu_master *master, uint32_t n,
                                       struct numu_text month, struct numu_buffer *buffer) {
    const struct numu_model *model = master->model;
    const struct numu_master_shipping *shipping = &master->shipping[n];
    char route[16];
    int length = snprintf(route, sizeof route, "%u", shipping->route + 1);
    struct numu_text parts[] = {model->item.id[master->place[shipping->to].item],
                                model->site.id[master->place[shipping->from].site],
                                model->site.id[master->place[shipping->to].site],
                                {route, (size_t)length},
                                month};
    return write_name(buffer, "ship", parts, 5);
}

static struct numu_text month_text(const struct numu_master *master, uint32_t month,
                                   char text[NUMU_DAY_TEXT_BYTES]) {
    return numu_text_of(numu_month_format(master->start + (numu_month)month, text));
}

static numu_status write_column(void *data, numu_lp_column column, struct numu_buffer *buffer) {
    const struct numu_master *master = data;
    const struct numu_model *model = master->model;
    const struct numu_master_key *key = numu_master_column_key(master, column);
    char text[NUMU_DAY_TEXT_BYTES];
    struct numu_text month = month_text(master, key->month, text);
    switch ((numu_master_column_kind)key->kind) {
    case NUMU_MASTER_MAKE:
        return write_name(buffer, "make", (struct numu_text[]){model->process.id[key->row], month},
                          2);
    case NUMU_MASTER_SHIP:
        return write_shipping_name(master, key->row, month, buffer);
    case NUMU_MASTER_STOCK:
        return write_place_name(master, "stock", key->row, month, buffer);
    case NUMU_MASTER_SERVED:
        return write_need_name(master, "served", key->row, month, buffer);
    case NUMU_MASTER_LATE:
        return write_need_name(master, "late", key->row, month, buffer);
    case NUMU_MASTER_PAY: {
        struct numu_text kind = numu_text_of(numu_names_of_cost_kind[key->cost - 1]);
        return write_name(buffer, "pay",
                          (struct numu_text[]){model->fund.id[key->row], kind, month}, 3);
    }
    case NUMU_MASTER_PURSE:
        return write_name(buffer, "purse", (struct numu_text[]){model->fund.id[key->row], month},
                          2);
    case NUMU_MASTER_GAP:
        return write_name(buffer, "gap", (struct numu_text[]){model->fund.id[key->row], month}, 2);
    case NUMU_MASTER_UNPAID:
        return write_pair(buffer, "unpaid", model->resource.id[key->row], month);
    case NUMU_MASTER_STAFF:
        return write_pair(buffer, "staff", model->skill.id[key->row], month);
    case NUMU_MASTER_HIRE:
        return write_pair(buffer, "hire", model->skill.id[key->row], month);
    case NUMU_MASTER_LEAVE:
        return write_pair(buffer, "leave", model->skill.id[key->row], month);
    case NUMU_MASTER_CLASS:
        return write_pair(buffer, "class", model->course.id[key->row], month);
    case NUMU_MASTER_PUT: {
        const struct numu_master_put *put = &master->put[key->row];
        struct numu_text parts[] = {model->item.id[master->place[put->place].item],
                                    model->storehouse.id[put->storehouse], month};
        return write_name(buffer, "put", parts, 3);
    }
    case NUMU_MASTER_UNHOUSED:
        return write_place_name(master, "unhoused", key->row, month, buffer);
    case NUMU_MASTER_EXPIRED:
        return write_place_name(master, "expired", key->row, month, buffer);
    case NUMU_MASTER_SHORT:
        return write_pair(buffer, "short", model->item.id[key->row], month);
    case NUMU_MASTER_USE:
        return write_pair(buffer, "use", model->licence.id[key->row], month);
    case NUMU_MASTER_BEGUN:
        return write_pair(buffer, "begun", model->process.id[key->row], month);
    case NUMU_MASTER_LOTS:
        return write_pair(buffer, "lots", model->process.id[key->row], month);
    }
    return NUMU_BUG;
}

static numu_status write_stage_name(const struct numu_master *master, uint32_t stage,
                                    struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_printf(buffer, "stage[%s", master->stage[stage].name));
    if (master->stage[stage].priority != NUMU_NO_NUMBER) {
        NUMU_TRY(numu_buffer_printf(buffer, ",%d", (int)master->stage[stage].priority));
    }
    return numu_buffer_append_char(buffer, ']');
}

static numu_status write_row(void *data, numu_lp_row row, struct numu_buffer *buffer) {
    const struct numu_master *master = data;
    const struct numu_model *model = master->model;
    const struct numu_master_key *key = numu_master_row_key(master, row);
    char text[NUMU_DAY_TEXT_BYTES];
    struct numu_text month = month_text(master, key->month, text);
    switch ((numu_master_row_kind)key->kind) {
    case NUMU_MASTER_BALANCE:
        return write_place_name(master, "balance", key->row, month, buffer);
    case NUMU_MASTER_OPEN:
        return write_need_name(master, "open", key->row, month, buffer);
    case NUMU_MASTER_HOURS:
        return write_name(buffer, "hours",
                          (struct numu_text[]){model->resource.id[key->row], month}, 2);
    case NUMU_MASTER_CARRY:
        NUMU_TRY(numu_buffer_printf(buffer, "carry[%u,", key->row + 1));
        NUMU_TRY(numu_buffer_append(buffer, month.data, month.length));
        return numu_buffer_append_char(buffer, ']');
    case NUMU_MASTER_COST: {
        struct numu_text kind = numu_text_of(numu_names_of_cost_kind[key->row - 1]);
        return write_name(buffer, "cost", (struct numu_text[]){kind, month}, 2);
    }
    case NUMU_MASTER_FUND:
        return write_name(buffer, "fund", (struct numu_text[]){model->fund.id[key->row], month}, 2);
    case NUMU_MASTER_STAGE:
        return write_stage_name(master, key->row, buffer);
    case NUMU_MASTER_PEOPLE:
        return write_pair(buffer, "people", model->skill.id[key->row], month);
    case NUMU_MASTER_WORK:
        return write_pair(buffer, "work", model->skill.id[key->row], month);
    case NUMU_MASTER_ROOM:
        return write_pair(buffer, "room", model->course.id[key->row], month);
    case NUMU_MASTER_HOUSED:
        return write_place_name(master, "housed", key->row, month, buffer);
    case NUMU_MASTER_NEQ:
        return write_pair(buffer, "neq", model->storehouse.id[key->row], month);
    case NUMU_MASTER_VOLUME:
        return write_pair(buffer, "volume", model->storehouse.id[key->row], month);
    case NUMU_MASTER_SHELF:
        return write_place_name(master, "shelf", key->row, month, buffer);
    case NUMU_MASTER_AGE:
        return write_pair(buffer, "age", model->item.id[key->row], month);
    case NUMU_MASTER_SAFETY:
        return write_pair(buffer, "safety", model->item.id[key->row], month);
    case NUMU_MASTER_PERMIT:
        return write_pair(buffer, "permit", model->licence.id[master->permit[key->row].licence],
                          month);
    case NUMU_MASTER_LICENCE:
        return write_name(buffer, "licence", &model->licence.id[key->row], 1);
    case NUMU_MASTER_LOT_MOST:
        return write_pair(buffer, "most", model->process.id[key->row], month);
    case NUMU_MASTER_LOT_LEAST:
        return write_pair(buffer, "least", model->process.id[key->row], month);
    case NUMU_MASTER_LOT_WHOLE:
        return write_pair(buffer, "whole", model->process.id[key->row], month);
    }
    return NUMU_BUG;
}

numu_status numu_master_write_mps(struct numu_master *master, struct numu_buffer *buffer) {
    struct numu_lp_names names = {
        .write_row = write_row, .write_column = write_column, .data = master};
    return numu_lp_write_mps(&master->lp, "numu", &names, buffer);
}
