package tx

import (
	"errors"
	"fmt"
	"regexp"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

var (
	// ErrPending means that a transaction may still come into a block.
	ErrPending = errors.New("the transaction may still come into a block")

	// ErrFee means that a transaction would cost more than Client.MaxFee. Nothing was
	// signed.
	ErrFee = errors.New("fee")

	// ErrNoResponse means that a node has left out the answer to a message.
	ErrNoResponse = errors.New("the transaction succeeded, but the node returned no answer to its message")
)

// Stage is how far a transaction had come when it was refused.
type Stage int

const (
	// Simulated transactions were tried by a node; nothing was signed.
	Simulated Stage = iota + 1
	// Checked transactions were signed and broadcast, and a node says that it does
	// not take them. Another node might.
	Checked
	// Executed transactions are in a block and have failed there. Their fee is paid.
	Executed
)

// RefusedError is a refusal of a transaction. errors.Is finds the module's error
// in it, except after a simulation, of which nodes tell only the text.
type RefusedError struct {
	Stage Stage
	// Codespace and Code name the error; empty and 0 after a simulation.
	Codespace string
	Code      uint32
	// Reason is the module's text.
	Reason string
	// Response is the node's answer; nil after a simulation.
	Response *sdk.TxResponse

	err error
}

func refused(stage Stage, r *sdk.TxResponse) *RefusedError {
	return &RefusedError{Stage: stage, Codespace: r.Codespace, Code: r.Code, Reason: Refusal(r.RawLog), Response: r}
}

// Error implements error.
func (e *RefusedError) Error() string {
	switch e.Stage {
	case Simulated:
		return "the chain would refuse it: " + e.Reason
	case Checked:
		return fmt.Sprintf("refused: %s (%s %d)", e.Reason, e.Codespace, e.Code)
	default:
		return fmt.Sprintf("failed: %s (%s %d)", e.Reason, e.Codespace, e.Code)
	}
}

// Unwrap returns the registered error of the module.
func (e *RefusedError) Unwrap() error {
	if e.err != nil {
		return e.err
	}
	return errorsmod.ABCIError(e.Codespace, e.Code, e.Reason)
}

var (
	// inMessage finds what a module said in the text that the node wraps around it: the
	// index of the message before, and after it the place in the program and the gas.
	inMessage = regexp.MustCompile(`(?s)message index: \d+: (.*?)(?: \[[^\]]*:\d+\])?(?: with gas used.*)?$`)

	rpcPrefix = regexp.MustCompile(`rpc error: code = \w+ desc = `)
)

// Refusal returns the reason in the log of a transaction that the chain refused.
func Refusal(log string) string {
	if m := inMessage.FindStringSubmatch(log); m != nil {
		return m[1]
	}
	return rpcPrefix.ReplaceAllString(log, "")
}

// Plain returns the text of a query's error without what the transport adds.
func Plain(err error) string { return rpcPrefix.ReplaceAllString(err.Error(), "") }
