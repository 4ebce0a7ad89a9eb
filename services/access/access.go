// Package access looks after who may do what.
package access

// Name of the service in subjects, schemas and positions.
const Name = "access"
