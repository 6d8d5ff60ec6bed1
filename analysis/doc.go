// Package analysis is the payer's side of the programs that ship: it turns a question into the input of a job, and the sum of the owners'
// vectors into a table, facts and a drawing.
//
// A [Session] leads a question through its rounds. The functions Encode and Decode of each program write an input and read a sum, for callers
// that need no session. Sums, means, variances and regressions are computed in integers and fractions. Only roots and the results of the
// program logistic are rounded.
package analysis
