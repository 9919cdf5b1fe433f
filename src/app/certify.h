/*
 * certify.h - use cases of the offline root (ledger/root.h): sign what it certifies, without any
 * book; read certificates that were brought to one.
 */
#ifndef NUMU_APP_CERTIFY_H
#define NUMU_APP_CERTIFY_H

#include "base/diagnostic.h"
#include "ledger/certificate.h"

struct numu_certify_request {
    const char *path;               /* what shall be certified: a JSON object a line */
    const struct numu_signer *root; /* who signs */
    numu_instant now;               /* when, where a line does not say */
    struct numu_text ledger;        /* of which ledger, where a line does not say */
};
/*
 * Appends the certificates, one after another: all lines or none. What is wrong with lines are
 * findings (bad-certificate) at their place in the file, which is added to the sources, and
 * NUMU_INVALID.
 */
NUMU_MUST_CHECK numu_status numu_app_certify(const struct numu_certify_request *request,
                                             struct numu_sources *sources, struct numu_arena *arena,
                                             struct numu_report *report,
                                             struct numu_buffer *buffer);

/*
 * A file of certificates, as text: each is one, whoever signed it. NUMU_IO, NUMU_INVALID with a
 * finding (bad-certificate).
 */
NUMU_MUST_CHECK numu_status numu_app_certificates_read(const char *path, struct numu_arena *arena,
                                                       struct numu_report *report,
                                                       struct numu_text *out);

#endif
