/*
 * lots.c - one programme in whole numbers from an MPS file, solved through numu's port, in one line
 * of figures: lots FILE
 */
#include "solve/lp.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static double seconds(void *data) {
    (void)data;
    return (double)clock() / CLOCKS_PER_SEC; /* processor time: others may be at work */
}

static numu_status solve(struct numu_heap *heap, const struct numu_lp *lp) {
    struct numu_context context = {.heap = heap, .clock = seconds};
    const struct numu_lp_whole_options options = {0};
    struct numu_lp_whole_solution solution;
    struct numu_arena arena;
    numu_arena_init(&arena, heap);
    double begin = seconds(NULL);
    numu_status status = numu_lp_solve_whole(&context, lp, &options, &arena, &solution);
    if (status == NUMU_OK) {
        printf("rows=%" PRIu32 " columns=%" PRIu32 " status=%s objective=%.10g bound=%.10g "
               "residual=%.3g seconds=%.2f\n",
               lp->num_row, lp->num_col, numu_lp_status_text(solution.status), solution.objective,
               solution.bound, solution.primal_residual, seconds(NULL) - begin);
    }
    numu_arena_release(&arena);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "use: lots FILE\n");
        return 2;
    }
    struct numu_heap heap;
    struct numu_buffer text;
    struct numu_lp lp;
    uint64_t line = 0;
    char piece[65536];
    numu_heap_init(&heap, 0);
    numu_buffer_init(&text, &heap, 0);
    FILE *file = fopen(argv[1], "r");
    numu_status status = file == NULL ? NUMU_IO : NUMU_OK;
    for (size_t got = 1; status == NUMU_OK && got > 0;) {
        got = fread(piece, 1, sizeof piece, file);
        status = numu_buffer_append(&text, piece, got);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    if (status == NUMU_OK) {
        status = numu_lp_read_mps((struct numu_text){text.data, text.length}, &heap, &lp, &line);
    }
    if (status == NUMU_OK) {
        status = solve(&heap, &lp);
        numu_lp_release(&lp);
    }
    numu_buffer_release(&text);
    if (status != NUMU_OK) {
        fprintf(stderr, "lots: %s: failed with status %d, line %" PRIu64 "\n", argv[1], (int)status,
                line);
    }
    return status == NUMU_OK ? 0 : 3;
}
