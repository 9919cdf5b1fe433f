/*
 * sheet.c - see sheet.h.
 */
#include "app/sheet.h"

void numu_sheet_init(struct numu_sheet *sheet, struct numu_heap *heap, const char *format,
                     const char *list, const char *const *columns) {
    *sheet = (struct numu_sheet){.format = format, .list = list, .columns = columns};
    numu_buffer_init(&sheet->cells, heap, 0);
}

void numu_sheet_release(struct numu_sheet *sheet) {
    numu_buffer_release(&sheet->cells);
}

numu_status numu_sheet_add(struct numu_sheet *sheet, struct numu_argument cell) {
    return numu_buffer_append(&sheet->cells, &cell, sizeof cell);
}

numu_status numu_sheet_add_text(struct numu_sheet *sheet, struct numu_text text) {
    return numu_sheet_add(sheet, numu_argument_text(text));
}

numu_status numu_sheet_add_quantity(struct numu_sheet *sheet, int64_t quantity) {
    return numu_sheet_add(sheet, numu_argument_number(quantity, NUMU_QUANTITY_DECIMALS));
}

size_t numu_sheet_rows(const struct numu_sheet *sheet) {
    size_t columns = 0;
    while (sheet->columns[columns] != NULL) {
        columns++;
    }
    numu_assert(columns > 0);
    return sheet->cells.length / sizeof(struct numu_argument) / columns;
}
