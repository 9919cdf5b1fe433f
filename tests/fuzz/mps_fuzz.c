/*
 * mps_fuzz.c - any bytes as MPS: refused, or a programme that is written and read again as it is.
 */
#include "solve/lp.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bounds may cross in a file that is read; they are never written. */
static void check_again(struct numu_heap *heap, const struct numu_lp *lp) {
    struct numu_buffer buffer;
    numu_buffer_init(&buffer, heap, 0);
    numu_status status = numu_lp_write_mps(lp, "again", NULL, &buffer);
    numu_assert(status == NUMU_OK || status == NUMU_INVALID);
    if (status == NUMU_OK) {
        struct numu_lp again;
        uint64_t line = 0;
        struct numu_text text = {buffer.data, buffer.length};
        numu_assert(numu_lp_read_mps(text, heap, &again, &line) == NUMU_OK);
        numu_assert(again.num_row == lp->num_row && again.num_col == lp->num_col);
        numu_assert(again.num_nz == lp->num_nz);
        for (numu_lp_column j = 0; j < lp->num_col; j++) {
            numu_assert(again.col_cost[j] == lp->col_cost[j]);
            numu_assert(again.col_lower[j] == lp->col_lower[j]);
            numu_assert(again.col_upper[j] == lp->col_upper[j]);
            numu_assert(again.col_whole[j] == lp->col_whole[j]);
        }
        numu_lp_release(&again);
    }
    numu_buffer_release(&buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_heap heap;
    struct numu_lp lp;
    uint64_t line = 0;
    numu_heap_init(&heap, (size_t)1 << 28);
    struct numu_text text = {(const char *)data, size};
    numu_status status = numu_lp_read_mps(text, &heap, &lp, &line);
    numu_assert(status == NUMU_OK || status == NUMU_INVALID);
    if (status == NUMU_OK) {
        check_again(&heap, &lp);
        numu_lp_release(&lp);
    }
    numu_assert(heap.bytes == 0);
    return 0;
}
