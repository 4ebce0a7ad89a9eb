package events

import "time"

// Providers is any fact the workshop service tells about an organisation that holds sessions, beside its sessions.
//
//sumtype:decl
type Providers interface {
	Fact
	providers()
}

// ProviderAmended: the organisation is as stands here from now on.
type ProviderAmended struct {
	ProviderID string                  `json:"provider_id"`
	Name       string                  `json:"name"`
	Department string                  `json:"department"`
	Insee      string                  `json:"insee"`
	Street     string                  `json:"street,omitempty"`
	Abilities  []Ability               `json:"abilities,omitempty"`
	Networks   []string                `json:"networks,omitempty"`
	Relay      bool                    `json:"relay"` // hosts people for sessions that others hold from afar
	By         string                  `json:"by"`
	At         time.Time               `json:"at"`
	Contact    Sealed[ProviderContact] `json:"contact"`
}

// Ability is something a provider can do, and since when.
type Ability struct {
	Kind  string `json:"kind"`            // remote_skills, equipment, training
	Skill string `json:"skill,omitempty"` // a family of skills; empty: in general
	Since string `json:"since,omitempty"` // day
}

// ProviderLabelled: the organisation has a label, under the criteria of this version.
type ProviderLabelled struct {
	ProviderID string    `json:"provider_id"`
	Label      string    `json:"label"`
	Version    string    `json:"version"`
	From       string    `json:"from"`         // day
	To         string    `json:"to,omitempty"` // last day; empty: until further notice
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// ProviderClosed: nobody plans sessions for the organisation any more.
type ProviderClosed struct {
	ProviderID string    `json:"provider_id"`
	Reason     string    `json:"reason"` // stopped, merged, left_network, error, other
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// Stream names the aggregate.
func (e ProviderAmended) Stream() string { return "provider:" + e.ProviderID }

// Stream names the aggregate.
func (e ProviderLabelled) Stream() string { return "provider:" + e.ProviderID }

// Stream names the aggregate.
func (e ProviderClosed) Stream() string { return "provider:" + e.ProviderID }

func (ProviderRegistered) providers() {}
func (ProviderAmended) providers()    {}
func (ProviderLabelled) providers()   {}
func (ProviderClosed) providers()     {}
