// What an endpoint sends to be let in, for `release-gate sources --check`.
#pragma once

#include "http/client.h"
#include "sources/source.h"

namespace gate::sources {

/// Whether `endpoint` sends a credential. A user without a password is none, and neither is a header that stands in the gate
/// file as it is, such as that of a tenant.
bool has_credential(const http::Endpoint& endpoint);

/// After the server of `endpoint` has answered as if it was asked by somebody who may: fills Health::authenticated where a
/// credential was sent, and notes which one is not set where none was.
void note_credential(Health& found, const http::Endpoint& endpoint);

}  // namespace gate::sources
