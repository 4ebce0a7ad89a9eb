package referral

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
)

func (s *Service) listen() (*web.Heard, error) {
	return s.Listen(append(s.answers(),
		engine.On(func(e events.ErasureRequested) string { return e.PersonID }, s.onErasureRequested),
		engine.On(func(e events.PersonErased) string { return e.PersonID }, s.onPersonErased),
		engine.On(func(e events.HelpEnded) string { return e.FlagID }, s.onHelpEnded),
		engine.On(func(e events.FlagHandedOver) string { return e.FlagID }, s.onFlagHandedOver),
		engine.On(func(e events.FlagTransferred) string { return e.FlagID }, s.onFlagTransferred),
		engine.On(func(e events.FlagClosed) string { return e.FlagID }, s.onFlagClosed),
		engine.On(func(e events.ReferralOpened) string { return e.FlagID }, s.onReferralOpened),
		engine.On(func(e events.AddressGiven) string { return e.FlagID }, s.onAddressGiven),
		engine.On(func(e events.AlternativeHeld) string { return e.FlagID }, s.onAlternativeHeld),
		engine.On(func(e events.AlternativeEnded) string { return e.FlagID }, s.onAlternativeEnded),
		engine.On(func(e events.ReferralUndone) string { return e.FlagID }, s.onReferralUndone),
	)...)
}
