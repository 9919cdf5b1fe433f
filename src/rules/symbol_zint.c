/*
 * symbol_zint.c - symbol.h with libzint, which brings its own memory.
 *
 * Element strings were checked by the dictionary (gs1.h), which may be newer than what zint knows,
 * so zint is told not to judge them.
 */
#include "rules/symbol.h"

#include <zint.h>

static numu_status encode(struct numu_text message, int mode, struct numu_symbol *out) {
    enum { MESSAGE_MAX = 4096 };
    if (message.length == 0) {
        return NUMU_INVALID;
    }
    if (message.length > MESSAGE_MAX) {
        return NUMU_LIMIT;
    }
    struct zint_symbol *symbol = ZBarcode_Create();
    if (symbol == NULL) {
        return NUMU_MEMORY;
    }
    symbol->symbology = BARCODE_DATAMATRIX;
    symbol->input_mode = mode;
    symbol->option_3 = DM_SQUARE;
    int error = ZBarcode_Encode(symbol, (const unsigned char *)message.data, (int)message.length);
    bool is_made = error < ZINT_ERROR && symbol->rows > 0 && symbol->rows <= NUMU_SYMBOL_SIDE_MAX &&
                   symbol->width <= NUMU_SYMBOL_SIDE_MAX;
    if (is_made) {
        out->width = (unsigned)symbol->width;
        out->height = (unsigned)symbol->rows;
        for (unsigned y = 0; y < out->height; y++) {
            for (unsigned x = 0; x < out->width; x++) {
                out->dark[y][x] = (symbol->encoded_data[y][x / 8] >> (x % 8) & 1) != 0;
            }
        }
    }
    ZBarcode_Delete(symbol);
    return is_made                        ? NUMU_OK
           : error == ZINT_ERROR_TOO_LONG ? NUMU_LIMIT
           : error == ZINT_ERROR_MEMORY   ? NUMU_MEMORY
                                          : NUMU_INVALID;
}

numu_status numu_symbol_make(struct numu_text message, struct numu_symbol *out) {
    return encode(message, DATA_MODE, out);
}

numu_status numu_symbol_make_gs1(const struct numu_gs1_string *string, struct numu_heap *heap,
                                 struct numu_symbol *out) {
    struct numu_buffer message;
    numu_status status = NUMU_OK;
    numu_buffer_init(&message, heap, 0);
    for (size_t i = 0; status == NUMU_OK && i < string->count; i++) {
        const struct numu_gs1_element *element = &string->elements[i];
        status =
            numu_buffer_printf(&message, "[%.*s]%.*s", (int)element->ai.length, element->ai.data,
                               (int)element->value.length, element->value.data);
    }
    if (status == NUMU_OK) {
        status = encode((struct numu_text){message.data, message.length},
                        GS1_MODE | GS1NOCHECK_MODE, out);
    }
    numu_buffer_release(&message);
    return status;
}
