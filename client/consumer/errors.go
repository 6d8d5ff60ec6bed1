package consumer

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

var (
	// ErrNode means that a node's answer contradicts what the reader knows. Ask
	// another node.
	ErrNode = errors.New("the node's answer contradicts itself")

	// ErrNodesDiffer means that two nodes show different chains. Which of them lies is
	// not known; ask a third one.
	ErrNodesDiffer = errors.New("nodes contradict each other, and nothing was sent")

	// ErrBehind means that a second node cannot tell yet, or does not answer.
	ErrBehind = errors.New("nothing is believed without the other node")

	// ErrInterrupted means that the caller's context ended first.
	ErrInterrupted = errors.New("interrupted")

	// ErrNotStored means that the chain does not have a program that ships here.
	ErrNotStored = errors.New("the program is not on the chain")

	// ErrTooLarge means that no transaction could carry the shares of a vector. Fewer
	// columns, bins or seats, or smaller numbers, make it smaller.
	ErrTooLarge = errors.New("the vector is too large")

	// ErrNoPanels means that a sum without noise was asked for over whoever comes. Name panels, or ask with noise.
	ErrNoPanels = errors.New("expected at least one in a sum without noise, got none")

	// ErrPriceMoved means that the pool's price has moved by more than the job allows since its quote. Nothing is in escrow;
	// quote again.
	ErrPriceMoved = errors.New("the price of the Data Token has moved since the quote")

	// ErrSeats means that a secure sum cannot be quoted. A higher seat fee may help.
	ErrSeats = errors.New("seats")
)

// FieldError says which field of a request is wrong.
type FieldError struct {
	// Field is the field's name in lower case with hyphens, for example "seat-fee".
	Field string
	Err   error
}

// Error implements error.
func (e *FieldError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap returns what is wrong with the field.
func (e *FieldError) Unwrap() error { return e.Err }

func fieldError(field, format string, args ...any) error {
	return &FieldError{Field: field, Err: fmt.Errorf(format, args...)}
}

// BalanceError says which coin of the budget is missing.
type BalanceError struct {
	Account string
	// Has is the spendable balance, Needs the budget with the draw fee.
	Has, Needs sdk.Coin
}

// Error implements error.
func (e *BalanceError) Error() string {
	return fmt.Sprintf("balance of %s: expected at least %s, got %s", e.Account, e.Needs, e.Has)
}

// LabelsError says that a column holds texts, of which programs need labels.
type LabelsError struct {
	Column string
	// Description is the column's description in a record; it may be empty.
	Description string
	PoolID      uint64
	// Holds says what the column holds, in words.
	Holds string
	// Labels are an example.
	Labels []string
}

// Error implements error.
func (e *LabelsError) Error() string {
	return fmt.Sprintf("%s: expected labels, the texts that are to count as 0, 1 and so on, for example %s, got none", e.Subject(), strings.Join(e.Labels, ", "))
}

// Subject names the column and what it holds.
func (e *LabelsError) Subject() string {
	about := ""
	if e.Description != "" {
		about = fmt.Sprintf(" (%s)", e.Description)
	}
	return fmt.Sprintf("column %q%s of pool %d holds %s, and programs read numbers", e.Column, about, e.PoolID, e.Holds)
}

// UnfinishedError is an error after which the run is kept: Resume goes on with it.
type UnfinishedError struct {
	JobID string
	Err   error
}

// Error implements error.
func (e *UnfinishedError) Error() string { return e.Err.Error() }

// Unwrap returns what happened.
func (e *UnfinishedError) Unwrap() error { return e.Err }

// FailedError is the end of a job that the chain did not settle. Its budget has
// returned, except for the rounds before.
type FailedError struct{ Job types.Job }

// Error implements error.
func (e *FailedError) Error() string {
	return fmt.Sprintf("job %s failed: %s", e.Job.Id, shortName(e.Job.Failure.String(), "FAILURE_REASON_"))
}

// finalError is an error that asking again does not mend.
type finalError struct{ err error }

func (e *finalError) Error() string { return e.err.Error() }

// wrongSumError names a seat whose sum does not open its commitment.
type wrongSumError struct {
	seat     int
	operator string
	err      error
}

func (e *wrongSumError) Error() string {
	return fmt.Sprintf("the sum of seat %d (%s) does not open its commitment: %v", e.seat, e.operator, e.err)
}

func (e *wrongSumError) Unwrap() error { return e.err }

func isNotFound(err error) bool {
	return errors.Is(err, types.ErrJobNotFound) || status.Code(err) == codes.NotFound
}

// shortName is the name of an enum's value without what all of its names begin with.
func shortName(name, prefix string) string { return strings.ToLower(strings.TrimPrefix(name, prefix)) }
