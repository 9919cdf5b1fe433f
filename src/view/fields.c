/*
 * fields.c - see fields.h.
 */
#include "view/fields.h"

#include "base/csv.h"

#include <inttypes.h>
#include <math.h>

void numu_fields_init(struct numu_fields *fields, struct numu_buffer *buffer) {
    *fields = (struct numu_fields){.buffer = buffer, .status = NUMU_OK};
}

/* What stands between two fields; false where nothing may be written any more. */
static bool begin(struct numu_fields *fields) {
    if (fields->status == NUMU_OK && fields->has_any) {
        fields->status = numu_buffer_append_char(fields->buffer, ',');
    }
    fields->has_any = true;
    return fields->status == NUMU_OK;
}

void numu_fields_text(struct numu_fields *fields, struct numu_text text) {
    if (begin(fields)) {
        fields->status = numu_csv_write(fields->buffer, text, ',');
    }
}

void numu_fields_string(struct numu_fields *fields, const char *string) {
    numu_fields_text(fields, numu_text_of(string));
}

void numu_fields_boolean(struct numu_fields *fields, bool value) {
    numu_fields_string(fields, value ? "true" : "false");
}

void numu_fields_integer(struct numu_fields *fields, int64_t value) {
    if (begin(fields)) {
        fields->status = numu_buffer_printf(fields->buffer, "%" PRId64, value);
    }
}

void numu_fields_real(struct numu_fields *fields, double value, int decimals) {
    if (begin(fields) && isfinite(value)) {
        fields->status = numu_buffer_printf(fields->buffer, "%.*f", decimals, value);
    }
}

void numu_fields_double(struct numu_fields *fields, double value) {
    if (begin(fields) && isfinite(value)) {
        fields->status = numu_buffer_printf(fields->buffer, "%.15g", value);
    }
}

void numu_fields_number(struct numu_fields *fields, int64_t value, int decimals) {
    if (begin(fields) && value != NUMU_NO_NUMBER) {
        fields->status = numu_number_write(fields->buffer, value, decimals, true);
    }
}

numu_status numu_fields_end(struct numu_fields *fields) {
    if (fields->status == NUMU_OK) {
        fields->status = numu_buffer_append_char(fields->buffer, '\n');
    }
    fields->has_any = false;
    return fields->status;
}
