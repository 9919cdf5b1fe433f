/* risk_page.c - soon */
#include "view/risk.h"
numu_status numu_view_risk_page(struct numu_buffer *buffer, const struct numu_risk_outcome *outcome,
                                const struct numu_stamp *stamp, numu_language language) {
    return numu_view_risk(buffer, outcome, stamp, language, NUMU_FORMAT_TABLE);
}
