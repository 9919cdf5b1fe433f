/*
 * screen_ofac.c - OFAC's lists as CSV (https://ofac.treasury.gov/specially-designated-nationals-
 * list-data-formats-data-schemas): primary names (12 columns), alternate names (5) and addresses
 * (6), no header, "-0-" for nothing, joined by the first column.
 *
 * What else is known stands in the remarks, in the list's own shorthand: "DOB 19 Jun 1951;
 * nationality Egypt; Passport 1084010 (Egypt)".
 */
#include "base/csv.h"
#include "base/number.h"
#include "rules/screen_read.h"

#include <stdio.h>
#include <string.h>

enum { PROGRAMME_MAX = 256, PRIMARY_COLUMNS = 12, ALTERNATE_COLUMNS = 5, ADDRESS_COLUMNS = 6 };

/* A line of alternate names or addresses, by the entry's number. */
struct detail {
    struct numu_text number;
    struct numu_text text; /* name, or country */
    uint32_t next;         /* the next of the same number; NUMU_NONE = the last */
};

struct details {
    struct numu_buffer list; /* of struct detail */
    struct numu_text *numbers;
    struct numu_map map; /* number → its first */
    uint32_t *last;      /* by first: the last of its number */
};

struct reader {
    struct numu_arena *scratch;
    struct numu_report *report;
    struct numu_screen *screen;
    struct details alternates, addresses;
};

/* A field without blanks around it; empty for "-0-". */
static struct numu_text value_of(const struct numu_csv_reader *csv, size_t column) {
    struct numu_text text = numu_text_trim(csv->fields[column].value);
    return numu_text_is(text, "-0-") ? (struct numu_text){NULL, 0} : text;
}

/* The lists end with a control character of CP/M (0x1a), a record of one field. */
static bool is_end_mark(const struct numu_csv_reader *csv) {
    return csv->count == 1 && csv->fields[0].value.length == 1 &&
           csv->fields[0].value.data[0] == 0x1a;
}

/* How many columns the first record has; 0 where there is none. */
static size_t columns_of(const struct numu_screen_file *file, struct numu_csv_reader *csv) {
    size_t length = file->length < 65536 ? file->length : 65536;
    numu_csv_reader_init(csv, ',');
    numu_csv_reader_refill(csv, file->bytes, length, length == file->length);
    return numu_csv_next(csv) == NUMU_CSV_RECORD ? csv->count : 0;
}

typedef numu_status (*take_record)(struct reader *reader, const struct numu_csv_reader *csv);

static numu_status read_records(struct reader *reader, const struct numu_screen_file *file,
                                struct numu_csv_reader *csv, size_t columns, take_record take) {
    numu_csv_reader_init_whole(csv, ',', file->bytes, file->length);
    for (;;) {
        numu_csv_event event = numu_csv_next(csv);
        if (event == NUMU_CSV_END) {
            return NUMU_OK;
        }
        if (event == NUMU_CSV_RECORD && is_end_mark(csv)) {
            continue;
        }
        if (event == NUMU_CSV_RECORD && csv->count == columns) {
            NUMU_TRY(take(reader, csv));
        } else {
            bool is_record = event == NUMU_CSV_RECORD;
            numu_screen_report(reader->report, file, NUMU_CODE_BAD_LIST,
                               is_record ? csv->record_offset : csv->error_offset, 1,
                               NUMU_TEXT("kind.list_record"));
        }
    }
}

/* --- details --- */

static numu_status add_detail(struct details *details, struct numu_text number,
                              struct numu_text text) {
    struct detail row = {number, text, NUMU_NONE};
    return text.length == 0 ? NUMU_OK : numu_buffer_append(&details->list, &row, sizeof row);
}

static numu_status take_alternate(struct reader *reader, const struct numu_csv_reader *csv) {
    return add_detail(&reader->alternates, value_of(csv, 0), value_of(csv, 3));
}

static numu_status take_address(struct reader *reader, const struct numu_csv_reader *csv) {
    return add_detail(&reader->addresses, value_of(csv, 0), value_of(csv, 4));
}

/* Chains the details of a number. */
static numu_status index_details(struct details *details, struct numu_arena *scratch) {
    struct detail *list = (struct detail *)(void *)details->list.data;
    size_t count = details->list.length / sizeof *list;
    NUMU_TRY(NUMU_TAKE(scratch, &details->numbers, count));
    NUMU_TRY(NUMU_TAKE(scratch, &details->last, count));
    NUMU_TRY(numu_map_init(&details->map, scratch, details->numbers, count));
    for (size_t i = 0; i < count; i++) {
        details->numbers[i] = list[i].number;
        numu_row first = numu_map_add(&details->map, (numu_row)i);
        if (first == NUMU_NONE) {
            details->last[i] = (uint32_t)i;
        } else {
            list[details->last[first]].next = (uint32_t)i;
            details->last[first] = (uint32_t)i;
        }
    }
    return NUMU_OK;
}

static const struct detail *first_detail(const struct details *details, struct numu_text number) {
    numu_row row = numu_map_find(&details->map, number);
    return row == NUMU_NONE ? NULL : (const struct detail *)(void *)details->list.data + row;
}

static const struct detail *next_detail(const struct details *details,
                                        const struct detail *detail) {
    return detail->next == NUMU_NONE
               ? NULL
               : (const struct detail *)(void *)details->list.data + detail->next;
}

/* --- remarks --- */

/* "19 Jun 1951", "Jun 1951", "1951", "circa 1951" as ISO; the length, 0 where it is no date. */
static size_t write_date(struct numu_text text, char out[11]) {
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t day = 0, year = 0;
    unsigned month = 0;
    for (struct numu_text word = numu_text_next_word(&text); word.length > 0;
         word = numu_text_next_word(&text)) {
        int64_t number;
        bool is_number = numu_number_parse(word, 0, '.', &number) == NUMU_NUMBER_OK;
        for (unsigned m = 0; m < 12; m++) {
            month = numu_text_is(word, months[m]) ? m + 1 : month;
        }
        if (is_number && number >= 1000 && number <= 9999) {
            year = number;
        } else if (is_number && number >= 1 && number <= 31) {
            day = number;
        }
    }
    if (year == 0) {
        return 0;
    }
    int length = month == 0 ? snprintf(out, 11, "%04d", (int)year)
                 : day == 0 ? snprintf(out, 11, "%04d-%02u", (int)year, month)
                            : snprintf(out, 11, "%04d-%02u-%02d", (int)year, month, (int)day);
    return length > 0 ? (size_t)length : 0;
}

static bool takes_prefix(struct numu_text *text, const char *prefix) {
    size_t length = strlen(prefix);
    if (text->length < length || memcmp(text->data, prefix, length) != 0) {
        return false;
    }
    text->data += length;
    text->length -= length;
    return true;
}

static struct numu_text before(struct numu_text text, char end) {
    const char *found = text.length == 0 ? NULL : memchr(text.data, end, text.length);
    return found == NULL ? text : (struct numu_text){text.data, (size_t)(found - text.data)};
}

static numu_status take_remark(struct numu_screen *screen, struct numu_text remark) {
    static const char *const documents[] = {"Passport ",
                                            "National ID No. ",
                                            "Tax ID No. ",
                                            "Registration ID ",
                                            "Identification Number ",
                                            "Vessel Registration Identification IMO ",
                                            "MMSI ",
                                            "Company Number ",
                                            "SSN ",
                                            "Personal ID Card ",
                                            "Registration Number ",
                                            "Business Registration Number "};
    char date[11];
    (void)takes_prefix(&remark, "alt. ");
    if (takes_prefix(&remark, "DOB ")) {
        size_t length = write_date(remark, date);
        return numu_screen_add_fact(screen, NUMU_FACT_BIRTH, (struct numu_text){date, length});
    }
    if (takes_prefix(&remark, "nationality ") || takes_prefix(&remark, "citizen ")) {
        return numu_screen_add_fact(screen, NUMU_FACT_COUNTRY, before(remark, '.'));
    }
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        if (takes_prefix(&remark, documents[i])) {
            return numu_screen_add_fact(screen, NUMU_FACT_IDENTIFIER, before(remark, '('));
        }
    }
    return NUMU_OK;
}

static numu_status take_remarks(struct numu_screen *screen, struct numu_text remarks) {
    while (remarks.length > 0) {
        struct numu_text one = before(remarks, ';');
        size_t used = one.length + (one.length < remarks.length);
        NUMU_TRY(take_remark(screen, numu_text_trim(one)));
        remarks.data += used;
        remarks.length -= used;
    }
    return NUMU_OK;
}

/* --- entries --- */

static numu_party party_of(struct numu_text type) {
    return numu_text_is(type, "individual") ? NUMU_PARTY_PERSON
           : numu_text_is(type, "vessel")   ? NUMU_PARTY_VESSEL
                                            : NUMU_PARTY_COMPANY;
}

/* "SDGT] [SYRIA" as "SDGT, SYRIA". */
static struct numu_text plain_programmes(struct numu_text text, char out[PROGRAMME_MAX]) {
    size_t length = 0;
    for (size_t i = 0; i < text.length && length < PROGRAMME_MAX; i++) {
        if (text.data[i] == ']') {
            out[length++] = ',';
        } else if (text.data[i] != '[') {
            out[length++] = text.data[i];
        }
    }
    return (struct numu_text){out, length};
}

static numu_status take_primary(struct reader *reader, const struct numu_csv_reader *csv) {
    struct numu_text number = value_of(csv, 0);
    char programmes[PROGRAMME_MAX];
    NUMU_TRY(numu_screen_add_entry(reader->screen, party_of(value_of(csv, 2)), number,
                                   plain_programmes(value_of(csv, 3), programmes)));
    NUMU_TRY(numu_screen_add_name(reader->screen, value_of(csv, 1), false));
    for (const struct detail *other = first_detail(&reader->alternates, number); other != NULL;
         other = next_detail(&reader->alternates, other)) {
        NUMU_TRY(numu_screen_add_name(reader->screen, other->text, false));
    }
    for (const struct detail *country = first_detail(&reader->addresses, number); country != NULL;
         country = next_detail(&reader->addresses, country)) {
        NUMU_TRY(numu_screen_add_fact(reader->screen, NUMU_FACT_COUNTRY, country->text));
    }
    NUMU_TRY(numu_screen_add_fact(reader->screen, NUMU_FACT_COUNTRY, value_of(csv, 9)));
    NUMU_TRY(numu_screen_add_fact(reader->screen, NUMU_FACT_IDENTIFIER, value_of(csv, 5)));
    return take_remarks(reader->screen, value_of(csv, 11));
}

/* --- all files --- */

static numu_status read_all(struct reader *reader, const struct numu_screen_file *files,
                            size_t count, struct numu_csv_reader *csv) {
    bool has_primary = false;
    for (size_t i = 0; i < count; i++) {
        size_t columns = columns_of(&files[i], csv);
        has_primary = has_primary || columns == PRIMARY_COLUMNS;
        if (columns == ALTERNATE_COLUMNS) {
            NUMU_TRY(read_records(reader, &files[i], csv, columns, take_alternate));
        } else if (columns == ADDRESS_COLUMNS) {
            NUMU_TRY(read_records(reader, &files[i], csv, columns, take_address));
        } else if (columns != PRIMARY_COLUMNS) {
            numu_screen_report(reader->report, &files[i], NUMU_CODE_NOT_A_LIST, NUMU_WHOLE_FILE, 0,
                               files[i].name);
        }
    }
    NUMU_TRY(index_details(&reader->alternates, reader->scratch));
    NUMU_TRY(index_details(&reader->addresses, reader->scratch));
    for (size_t i = 0; i < count; i++) {
        size_t columns = columns_of(&files[i], csv);
        if (columns == PRIMARY_COLUMNS) {
            NUMU_TRY(numu_screen_begin_list(reader->screen, &files[i], "ofac",
                                            (struct numu_text){NULL, 0}));
            NUMU_TRY(read_records(reader, &files[i], csv, columns, take_primary));
        } else if (!has_primary && (columns == ALTERNATE_COLUMNS || columns == ADDRESS_COLUMNS)) {
            numu_screen_report(reader->report, &files[i], NUMU_CODE_LIST_ALONE, NUMU_WHOLE_FILE, 0,
                               files[i].name);
        }
    }
    return NUMU_OK;
}

numu_status numu_screen_read_ofac(const struct numu_screen_file *files, size_t count,
                                  struct numu_arena *scratch, struct numu_report *report,
                                  struct numu_screen *screen) {
    struct reader reader = {.scratch = scratch, .report = report, .screen = screen};
    struct numu_csv_reader *csv;
    NUMU_TRY(NUMU_TAKE(scratch, &csv, 1));
    numu_buffer_init(&reader.alternates.list, scratch->heap, 0);
    numu_buffer_init(&reader.addresses.list, scratch->heap, 0);
    numu_status status = read_all(&reader, files, count, csv);
    numu_buffer_release(&reader.alternates.list);
    numu_buffer_release(&reader.addresses.list);
    return status;
}
