/*
 * form.h - use case `numu form NAME`: registers, returns, trace replies, certificates, red flags,
 * filled from a package and a book.
 *
 * A form has facts, said once, and a list of rows. Its fields stand in forms.def, each with the
 * clause that asks for it and whether the form is lacking without it. What neither package nor book
 * knows is given by the user; what is still lacking is a finding (form-lacks), and a gap on the
 * page.
 */
#ifndef NUMU_APP_FORM_H
#define NUMU_APP_FORM_H

#include "app/ledger.h"

struct numu_form_field {
    const char *name; /* "serial"; its label is the word "form_serial" */
    bool is_needed;
    bool is_column; /* of the list; else a fact */
    const char *clause;
};

typedef enum numu_form_id {
#define NUMU_FORM_BEGIN(form, name) NUMU_FORM_##form,
#define NUMU_FORM_FACT(field, need, clause)
#define NUMU_FORM_COLUMN(field, need, clause)
#define NUMU_FORM_END(form)
#include "app/forms.def"
#undef NUMU_FORM_BEGIN
#undef NUMU_FORM_FACT
#undef NUMU_FORM_COLUMN
#undef NUMU_FORM_END
    NUMU_FORM_COUNT
} numu_form_id;

struct numu_form_kind {
    const char *name; /* of the command: "trace-reply" */
    const char *word; /* of its words: "trace_reply" */
    const struct numu_form_field *fields;
    size_t count;
};
extern const struct numu_form_kind numu_form_kinds[NUMU_FORM_COUNT];
/* NUMU_FORM_COUNT where there is none. */
numu_form_id numu_form_find(const char *name);

enum { NUMU_FORM_FIELDS_MAX = 32 };

/* "name=text" of the command line. */
struct numu_form_given {
    struct numu_text field, text;
};

struct numu_form_request {
    numu_form_id form;
    const struct numu_model *model; /* NULL: none */
    struct numu_ledger *ledger;     /* NULL: none */
    struct numu_text object;        /* serial, licence or event that the form is about */
    struct numu_text item;          /* of the object; empty: the first that has it */
    int64_t year;                   /* of a return; 0: that of `today` */
    numu_day today;
    int64_t days_max;  /* a shipment may be on its way; 0: 30 */
    int64_t share_max; /* percent that a partner may bring; 0: 50 */
    const struct numu_form_given *given;
    size_t given_count;
};

struct numu_form_page {
    const struct numu_form_kind *kind;
    struct numu_argument facts[NUMU_FORM_FIELDS_MAX]; /* by field; NONE: not known */
    struct numu_buffer cells; /* of struct numu_argument, by row and field */
    size_t rows;
};

/*
 * Fills a form. Texts live in the arena, or in model and ledger. NUMU_INVALID with a finding where
 * the object is not known, or a given field is none of the form. Release the form in every case.
 */
NUMU_MUST_CHECK numu_status numu_app_form(const struct numu_context *context,
                                          const struct numu_form_request *request,
                                          struct numu_arena *arena, struct numu_report *report,
                                          struct numu_form_page *out);
void numu_form_release(struct numu_form_page *form);

/* A cell of the list: `field` is the field's place in the form's kind. */
const struct numu_argument *numu_form_cell(const struct numu_form_page *form, size_t row,
                                           size_t field);
bool numu_form_is_empty(const struct numu_argument *cell);

/* --- for form_*.c only --- */

struct numu_filling {
    const struct numu_form_request *request;
    struct numu_arena *arena;
    struct numu_report *report;
    struct numu_form_page *form;
};

/* Sets a fact; a cell of the row that was begun last. An empty text sets nothing. */
void numu_form_set(struct numu_filling *filling, const char *field, struct numu_argument value);
void numu_form_set_text(struct numu_filling *filling, const char *field, struct numu_text text);
NUMU_MUST_CHECK numu_status numu_form_begin_row(struct numu_filling *filling);
void numu_form_put(struct numu_filling *filling, const char *field, struct numu_argument value);
void numu_form_put_text(struct numu_filling *filling, const char *field, struct numu_text text);
/* The object is not on record. */
NUMU_MUST_CHECK numu_status numu_form_unknown(struct numu_filling *filling, const char *kind);

/* The row of a table of the package, or NUMU_NONE. */
numu_row numu_form_row_of(const struct numu_filling *filling, const char *table,
                          struct numu_text id);
/* What package and book say of an item: facts or cells type_model, calibre. */
numu_row numu_form_item(struct numu_filling *filling, struct numu_text item, bool is_cell);
/* Who makes an item at home: partner's code, else the site's name; and the country. */
void numu_form_maker(struct numu_filling *filling, numu_row item, struct numu_text site,
                     bool is_cell);
/* "ledger/site, N entries, root HASH": what can be verified. */
NUMU_MUST_CHECK numu_status numu_form_evidence(struct numu_filling *filling);
/*
 * The name of the place, site or unit of an account or id, else the id; a word ("word.…") for a
 * nominal account.
 */
struct numu_text numu_form_place(const struct numu_filling *filling, struct numu_text account);
/* The country and name that an item comes from: of its only import process; empty where unclear. */
numu_row numu_form_supplier(const struct numu_filling *filling, numu_row item);

/* "manufacture:…; import:…": marks that the book says were applied, else the number itself. */
NUMU_MUST_CHECK numu_status numu_form_marks(struct numu_filling *filling, struct numu_text item,
                                            struct numu_text serial, struct numu_text *out);
/* "word.standing_held": where something stands that an account holds. */
const char *numu_form_standing(struct numu_text account);

NUMU_MUST_CHECK numu_status numu_form_fill_trace(struct numu_filling *filling);
NUMU_MUST_CHECK numu_status numu_form_fill_register(struct numu_filling *filling);
NUMU_MUST_CHECK numu_status numu_form_fill_return(struct numu_filling *filling);
NUMU_MUST_CHECK numu_status numu_form_fill_licence(struct numu_filling *filling);
NUMU_MUST_CHECK numu_status numu_form_fill_flags(struct numu_filling *filling);

#endif
