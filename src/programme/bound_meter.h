/*
 * bound_meter.h - what a bound may still spend: steps of work, time, until there is a wish to stop.
 */
#ifndef NUMU_PROGRAMME_BOUND_METER_H
#define NUMU_PROGRAMME_BOUND_METER_H

#include "base/context.h"

enum { NUMU_WORK_A_PROPAGATION = 30 }; /* steps */

struct numu_bound_meter {
    const struct numu_context *context;
    uint64_t work, work_max; /* 0 = no limit */
    double clock_end;        /* by the context's clock; 0 = no limit */
};

/* A limit of 0 is none; of time there is none without a clock. */
static inline struct numu_bound_meter
numu_bound_meter_begin(const struct numu_context *context, uint64_t work_max, double time_limit_s) {
    struct numu_bound_meter meter = {.context = context, .work_max = work_max};
    if (time_limit_s > 0 && context->clock != NULL) {
        meter.clock_end = context->clock(context->clock_data) + time_limit_s;
    }
    return meter;
}

/* One that ends where a share of what is left is spent. */
static inline struct numu_bound_meter numu_bound_meter_share(const struct numu_bound_meter *meter,
                                                             double share) {
    struct numu_bound_meter part = *meter;
    if (meter->work_max > meter->work) { /* 0 would be no limit */
        part.work_max =
            meter->work + 1 + (uint64_t)(share * (double)(meter->work_max - meter->work - 1));
    }
    if (meter->clock_end > 0) {
        double now = meter->context->clock(meter->context->clock_data);
        part.clock_end = now + share * (meter->clock_end - now);
    }
    return part;
}

/* Where there is a limit of time. */
static inline double numu_bound_meter_seconds_left(const struct numu_bound_meter *meter) {
    return meter->clock_end - meter->context->clock(meter->context->clock_data);
}

static inline bool numu_bound_meter_is_over(const struct numu_bound_meter *meter) {
    return numu_context_is_stopped(meter->context) ||
           (meter->work_max > 0 && meter->work >= meter->work_max) ||
           (meter->clock_end > 0 && numu_bound_meter_seconds_left(meter) <= 0);
}

/* is_over of numu_exact_shave; the data is the meter. */
static inline bool numu_bound_meter_shaves(void *data, uint64_t propagations) {
    struct numu_bound_meter *meter = data;
    meter->work += NUMU_WORK_A_PROPAGATION * propagations;
    return numu_bound_meter_is_over(meter);
}

#endif
