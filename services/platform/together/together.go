// Package together runs several services at once, each as it is shipped, on a clock that the test moves: what one says and
// another hears, over a year.
package together
