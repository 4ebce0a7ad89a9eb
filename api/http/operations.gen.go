// Code generated from the OpenAPI files. DO NOT EDIT.

package openapi

// Operations lists every operation, in the order of the document.
func Operations() []Operation {
	return []Operation{
		{ID: "createFlag", Method: "POST", Path: "/api/v1/flags", Service: "detection", Bearer: true},
		{ID: "listFlags", Method: "GET", Path: "/api/v1/flags", Service: "projections", Bearer: true},
		{ID: "validateFlag", Method: "POST", Path: "/api/v1/flags/{id}/validate", Service: "detection", Bearer: true},
		{ID: "erasePerson", Method: "DELETE", Path: "/api/v1/persons/{id}", Service: "detection", Bearer: true},
		{ID: "getPerson", Method: "GET", Path: "/api/v1/persons/{id}", Service: "projections", Bearer: true},
		{ID: "restorePerson", Method: "POST", Path: "/api/v1/persons/{id}/restore", Service: "detection", Bearer: true},
		{ID: "listRetention", Method: "GET", Path: "/api/v1/persons/retention", Service: "detection", Bearer: true},
		{ID: "createItem", Method: "POST", Path: "/api/v1/equipment/items", Service: "equipment", Bearer: true},
		{ID: "listItems", Method: "GET", Path: "/api/v1/equipment/items", Service: "projections", Bearer: true},
		{ID: "handOverLoan", Method: "POST", Path: "/api/v1/equipment/loans/{id}/hand-over", Service: "equipment", Bearer: true},
		{ID: "returnLoan", Method: "POST", Path: "/api/v1/equipment/loans/{id}/return", Service: "equipment", Bearer: true},
		{ID: "issueToken", Method: "POST", Path: "/oauth2/token", Service: "identity", Bearer: false},
		{ID: "getOpenIDConfiguration", Method: "GET", Path: "/.well-known/openid-configuration", Service: "identity", Bearer: false},
		{ID: "getKeys", Method: "GET", Path: "/oauth2/jwks", Service: "identity", Bearer: false},
		{ID: "getFlag", Method: "GET", Path: "/api/v1/flags/{id}", Service: "projections", Bearer: true},
		{ID: "searchPersons", Method: "POST", Path: "/api/v1/persons/search", Service: "projections", Bearer: true},
		{ID: "exportPerson", Method: "GET", Path: "/api/v1/persons/{id}/export", Service: "projections", Bearer: true},
		{ID: "listReferrals", Method: "GET", Path: "/api/v1/referrals", Service: "projections", Bearer: true},
		{ID: "createReferral", Method: "POST", Path: "/api/v1/referrals", Service: "referral", Bearer: true},
		{ID: "getReferral", Method: "GET", Path: "/api/v1/referrals/{id}", Service: "projections", Bearer: true},
		{ID: "listSessions", Method: "GET", Path: "/api/v1/sessions", Service: "projections", Bearer: true},
		{ID: "createSession", Method: "POST", Path: "/api/v1/sessions", Service: "workshop", Bearer: true},
		{ID: "getSession", Method: "GET", Path: "/api/v1/sessions/{id}", Service: "projections", Bearer: true},
		{ID: "listParticipants", Method: "GET", Path: "/api/v1/sessions/{id}/participants", Service: "projections", Bearer: true},
		{ID: "listProviders", Method: "GET", Path: "/api/v1/providers", Service: "projections", Bearer: true},
		{ID: "createProvider", Method: "POST", Path: "/api/v1/providers", Service: "workshop", Bearer: true},
		{ID: "getDirectory", Method: "GET", Path: "/api/v1/directory", Service: "projections", Bearer: true},
		{ID: "getInbox", Method: "GET", Path: "/api/v1/providers/{id}/inbox", Service: "projections", Bearer: true},
		{ID: "listLoans", Method: "GET", Path: "/api/v1/equipment/loans", Service: "projections", Bearer: true},
		{ID: "listAccesses", Method: "GET", Path: "/api/v1/accesses", Service: "projections", Bearer: true},
		{ID: "listBusyLookups", Method: "GET", Path: "/api/v1/accesses/busy", Service: "projections", Bearer: true},
		{ID: "listAccessesOfPerson", Method: "GET", Path: "/api/v1/persons/{id}/accesses", Service: "projections", Bearer: true},
		{ID: "getFunnel", Method: "GET", Path: "/api/v1/dashboard/funnel", Service: "projections", Bearer: true},
		{ID: "getCapacity", Method: "GET", Path: "/api/v1/dashboard/capacity", Service: "projections", Bearer: true},
		{ID: "getCodes", Method: "GET", Path: "/api/v1/codes", Service: "projections", Bearer: true},
		{ID: "listCommunes", Method: "GET", Path: "/api/v1/communes", Service: "projections", Bearer: true},
		{ID: "getMe", Method: "GET", Path: "/api/v1/me", Service: "projections", Bearer: true},
		{ID: "withdrawReferral", Method: "POST", Path: "/api/v1/referrals/{id}/withdraw", Service: "referral", Bearer: true},
		{ID: "acceptRequest", Method: "POST", Path: "/api/v1/sessions/{session_id}/requests/{referral_id}/accept", Service: "workshop", Bearer: true},
		{ID: "declineRequest", Method: "POST", Path: "/api/v1/sessions/{session_id}/requests/{referral_id}/decline", Service: "workshop", Bearer: true},
	}
}
