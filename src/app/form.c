/*
 * form.c - forms: their fields, what is given, what is lacking, and what several of them ask of
 * package and book. form_*.c fill them.
 */
#include "app/form.h"

#include "app/tell.h"
#include "ledger/query.h"

#include <inttypes.h>
#include <string.h>

/* --- fields --- */

#define NEEDED true
#define IF_ANY false
#define NUMU_FORM_BEGIN(form, name) static const struct numu_form_field form##_fields[] = {
#define NUMU_FORM_FACT(field, need, clause) {#field, need, false, clause},
#define NUMU_FORM_COLUMN(field, need, clause) {#field, need, true, clause},
#define NUMU_FORM_END(form)                                                                        \
    }                                                                                              \
    ;                                                                                              \
    _Static_assert(sizeof form##_fields / sizeof *form##_fields <= NUMU_FORM_FIELDS_MAX,           \
                   "facts of a form have room");
#include "app/forms.def"
#undef NUMU_FORM_BEGIN
#undef NUMU_FORM_FACT
#undef NUMU_FORM_COLUMN
#undef NUMU_FORM_END

const struct numu_form_kind numu_form_kinds[NUMU_FORM_COUNT] = {
#define NUMU_FORM_BEGIN(form, name)                                                                \
    {name, #form, form##_fields, sizeof form##_fields / sizeof *form##_fields},
#define NUMU_FORM_FACT(field, need, clause)
#define NUMU_FORM_COLUMN(field, need, clause)
#define NUMU_FORM_END(form)
#include "app/forms.def"
#undef NUMU_FORM_BEGIN
#undef NUMU_FORM_FACT
#undef NUMU_FORM_COLUMN
#undef NUMU_FORM_END
};

numu_form_id numu_form_find(const char *name) {
    int id = 0;
    while (id < NUMU_FORM_COUNT && strcmp(numu_form_kinds[id].name, name) != 0) {
        id++;
    }
    return (numu_form_id)id;
}

static size_t find_field(const struct numu_form_kind *kind, struct numu_text name, bool is_column) {
    size_t field = 0;
    while (field < kind->count && (kind->fields[field].is_column != is_column ||
                                   !numu_text_is(name, kind->fields[field].name))) {
        field++;
    }
    return field;
}

bool numu_form_is_empty(const struct numu_argument *cell) {
    return cell->kind == NUMU_ARGUMENT_NONE ||
           (cell->kind == NUMU_ARGUMENT_TEXT && cell->text.length == 0) ||
           (cell->kind == NUMU_ARGUMENT_NUMBER && cell->number == NUMU_NO_NUMBER) ||
           (cell->kind == NUMU_ARGUMENT_DAY && cell->number == NUMU_NO_DAY);
}

const struct numu_argument *numu_form_cell(const struct numu_form_page *form, size_t row,
                                           size_t field) {
    const struct numu_argument *cells = (const void *)form->cells.data;
    return &cells[row * form->kind->count + field];
}

void numu_form_set(struct numu_filling *filling, const char *field, struct numu_argument value) {
    size_t place = find_field(filling->form->kind, numu_text_of(field), false);
    numu_assert(place < filling->form->kind->count);
    if (!numu_form_is_empty(&value)) {
        filling->form->facts[place] = value;
    }
}

void numu_form_set_text(struct numu_filling *filling, const char *field, struct numu_text text) {
    numu_form_set(filling, field, numu_argument_text(text));
}

numu_status numu_form_begin_row(struct numu_filling *filling) {
    struct numu_form_page *form = filling->form;
    struct numu_argument none = {.kind = NUMU_ARGUMENT_NONE};
    for (size_t i = 0; i < form->kind->count; i++) {
        NUMU_TRY(numu_buffer_append(&form->cells, &none, sizeof none));
    }
    form->rows++;
    return NUMU_OK;
}

void numu_form_put(struct numu_filling *filling, const char *field, struct numu_argument value) {
    struct numu_form_page *form = filling->form;
    size_t place = find_field(form->kind, numu_text_of(field), true);
    struct numu_argument *cells = (void *)form->cells.data;
    numu_assert(place < form->kind->count && form->rows > 0);
    cells[(form->rows - 1) * form->kind->count + place] = value;
}

void numu_form_put_text(struct numu_filling *filling, const char *field, struct numu_text text) {
    numu_form_put(filling, field, numu_argument_text(text));
}

/* --- what several forms ask --- */

numu_status numu_form_unknown(struct numu_filling *filling, const char *kind) {
    numu_app_tell(filling->report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string(kind),
                  numu_argument_text(filling->request->object));
    return NUMU_INVALID;
}

numu_row numu_form_row_of(const struct numu_filling *filling, const char *table,
                          struct numu_text id) {
    const struct numu_model *model = filling->request->model;
    return model == NULL || id.length == 0
               ? NUMU_NONE
               : numu_model_find(model, numu_schema_find(numu_text_of(table)), id);
}

static void say(struct numu_filling *filling, const char *field, struct numu_text text,
                bool is_cell) {
    if (is_cell) {
        numu_form_put_text(filling, field, text);
    } else {
        numu_form_set_text(filling, field, text);
    }
}

numu_row numu_form_item(struct numu_filling *filling, struct numu_text item, bool is_cell) {
    numu_row row = numu_form_row_of(filling, "item", item);
    if (row != NUMU_NONE) {
        const struct numu_table_item *table = &filling->request->model->item;
        say(filling, "type_model", table->name[row], is_cell);
        if (find_field(filling->form->kind, NUMU_TEXT("calibre"), is_cell) <
            filling->form->kind->count) {
            say(filling, "calibre", table->calibre[row], is_cell);
        }
    }
    return row;
}

void numu_form_maker(struct numu_filling *filling, numu_row item, struct numu_text site,
                     bool is_cell) {
    const struct numu_model *model = filling->request->model;
    numu_row place = numu_form_row_of(filling, "site", site);
    if (model == NULL || place == NUMU_NONE) {
        say(filling, "manufacturer", site, is_cell);
        return;
    }
    struct numu_text code = item == NUMU_NONE ? site : model->item.maker_code[item];
    struct numu_text country = model->site.country[place];
    say(filling, "manufacturer", code.length > 0 ? code : model->site.name[place], is_cell);
    if (find_field(filling->form->kind, NUMU_TEXT("country_made"), is_cell) <
        filling->form->kind->count) {
        say(filling, "country_made", country.length > 0 ? country : model->package.country[0],
            is_cell);
    }
}

numu_status numu_form_evidence(struct numu_filling *filling) {
    struct numu_ledger *ledger = filling->request->ledger;
    struct numu_log_head head;
    struct numu_sha256 root;
    struct numu_text text;
    char hex[NUMU_SHA256_HEX_BYTES];
    if (ledger == NULL) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_log_read_head(ledger, ledger->log, ledger->site, &head));
    NUMU_TRY(numu_frontier_root(&head.frontier, &root));
    NUMU_TRY(numu_text_printf(filling->arena, &text, "%.*s/%.*s %" PRIu64 " %.32s",
                              (int)ledger->id.length, ledger->id.data, (int)ledger->site.length,
                              ledger->site.data, head.size, numu_sha256_hex(&root, hex)));
    numu_form_set_text(filling, "evidence", text);
    return NUMU_OK;
}

/* A nominal account in words: where things come from, or how they stand once they went there. */
static struct numu_text nominal_word(struct numu_text account) {
    static const char *const sources[][2] = {{"produced", "word.nature_produced"},
                                             {"imported", "word.nature_imported"},
                                             {"opening", "word.nature_opening"},
                                             {"found", "word.nature_found"},
                                             {"seized", "word.nature_seized"}};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (numu_text_is(account, sources[i][0])) {
            return numu_text_of(sources[i][1]);
        }
    }
    return numu_text_of(numu_form_standing(account));
}

struct numu_text numu_form_place(const struct numu_filling *filling, struct numu_text account) {
    static const char *const tables[] = {"storehouse", "site", "unit"};
    struct numu_account parts = {.place = account};
    const struct numu_model *model = filling->request->model;
    bool is_account = numu_account_parse(account, &parts);
    struct numu_text place = is_account ? parts.place : account;
    if (account.length == 0) {
        return account;
    }
    if (place.length == 0 || numu_text_is(account, "transit")) {
        return nominal_word(account);
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        numu_row row = numu_form_row_of(filling, tables[i], place);
        if (row != NUMU_NONE) {
            struct numu_text name = i == 0   ? model->storehouse.name[row]
                                    : i == 1 ? model->site.name[row]
                                             : model->unit.name[row];
            return name.length > 0 ? name : place;
        }
    }
    return place;
}

numu_row numu_form_supplier(const struct numu_filling *filling, numu_row item) {
    const struct numu_model *model = filling->request->model;
    numu_row found = NUMU_NONE;
    if (model == NULL || item == NUMU_NONE) {
        return NUMU_NONE;
    }
    for (numu_row i = 0; i < model->process.head.count; i++) {
        numu_row partner = model->process.partner[i];
        if (model->process.item[i] != item || model->process.kind[i] != numu_process_kind_import ||
            partner == NUMU_NONE || partner == found) {
            continue;
        }
        if (found != NUMU_NONE) {
            return NUMU_NONE; /* several: it is not said which */
        }
        found = partner;
    }
    return found;
}

/* --- filling --- */

static numu_status take_given(struct numu_filling *filling) {
    const struct numu_form_request *request = filling->request;
    struct numu_form_page *form = filling->form;
    for (size_t i = 0; i < request->given_count; i++) {
        const struct numu_form_given *given = &request->given[i];
        size_t field = find_field(form->kind, given->field, false);
        if (field < form->kind->count) {
            form->facts[field] = numu_argument_text(given->text);
            continue;
        }
        field = find_field(form->kind, given->field, true);
        if (field == form->kind->count) {
            numu_app_tell(filling->report, NUMU_CODE_EVENT_UNKNOWN_NAME,
                          numu_argument_string("kind.field"), numu_argument_text(given->field));
            return NUMU_INVALID;
        }
        /* Of a column: every row that has none of its own. */
        struct numu_argument *cells = (void *)form->cells.data;
        for (size_t row = 0; row < form->rows; row++) {
            struct numu_argument *cell = &cells[row * form->kind->count + field];
            if (numu_form_is_empty(cell)) {
                *cell = numu_argument_text(given->text);
            }
        }
    }
    return NUMU_OK;
}

static void tell_gaps(struct numu_filling *filling) {
    const struct numu_form_page *form = filling->form;
    for (size_t i = 0; i < form->kind->count; i++) {
        const struct numu_form_field *field = &form->kind->fields[i];
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_FORM_LACKS, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
        size_t lacking = 0;
        for (size_t row = 0; field->is_column && row < form->rows; row++) {
            lacking += numu_form_is_empty(numu_form_cell(form, row, i));
        }
        if (!field->is_needed ||
            (field->is_column ? lacking == 0 : !numu_form_is_empty(&form->facts[i]))) {
            continue;
        }
        finding.arguments[0] = numu_argument_string(form->kind->name);
        finding.arguments[1] = numu_argument_string(field->name);
        if (field->is_column) {
            finding.arguments[2] = numu_argument_integer((int64_t)lacking);
            finding.arguments[3] = numu_argument_integer((int64_t)form->rows);
        }
        numu_report_add(filling->report, &finding);
    }
}

/* What every form may say of itself: whose it is, and when. */
static void set_head(struct numu_filling *filling) {
    static const char *const states[] = {"reporting_state", "replying_state", "requesting_state"};
    static const char *const days[] = {"report_date", "reply_date", "request_date", "as_of"};
    const struct numu_form_request *request = filling->request;
    const struct numu_form_kind *kind = filling->form->kind;
    for (size_t i = 0; request->model != NULL && i < sizeof states / sizeof *states; i++) {
        /* The State that asks is another one, where this one replies. */
        bool is_own = i < 2 || request->form == NUMU_FORM_trace_request;
        if (is_own && find_field(kind, numu_text_of(states[i]), false) < kind->count) {
            numu_form_set_text(filling, states[i], request->model->package.country[0]);
        }
    }
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (find_field(kind, numu_text_of(days[i]), false) < kind->count) {
            numu_form_set(filling, days[i], numu_argument_day(request->today));
        }
    }
}

static numu_status fill(struct numu_filling *filling) {
    switch (filling->request->form) {
    case NUMU_FORM_trace_request:
    case NUMU_FORM_trace_reply:
        return numu_form_fill_trace(filling);
    case NUMU_FORM_register:
        return numu_form_fill_register(filling);
    case NUMU_FORM_att_report:
    case NUMU_FORM_un_register:
    case NUMU_FORM_production_return:
        return numu_form_fill_return(filling);
    case NUMU_FORM_licence_register:
    case NUMU_FORM_end_user_certificate:
    case NUMU_FORM_delivery_verification:
        return numu_form_fill_licence(filling);
    case NUMU_FORM_red_flags:
        return numu_form_fill_flags(filling);
    case NUMU_FORM_COUNT:
        break;
    }
    numu_assert(false);
    return NUMU_BUG;
}

numu_status numu_app_form(const struct numu_context *context,
                          const struct numu_form_request *request, struct numu_arena *arena,
                          struct numu_report *report, struct numu_form_page *out) {
    struct numu_filling filling = {request, arena, report, out};
    *out = (struct numu_form_page){.kind = &numu_form_kinds[request->form]};
    numu_buffer_init(&out->cells, context->heap, 0);
    set_head(&filling);
    NUMU_TRY(fill(&filling));
    NUMU_TRY(take_given(&filling));
    tell_gaps(&filling);
    return report->status;
}

void numu_form_release(struct numu_form_page *form) {
    numu_buffer_release(&form->cells);
}
