package chain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	txv1beta1 "cosmossdk.io/api/cosmos/tx/v1beta1"
	"cosmossdk.io/math"
)

const (
	// lifetimeBlocks is how long a transaction may wait for a block; after that it can no longer enter one.
	lifetimeBlocks = 20
	// laneBlocks is how long a transaction waits for its lane at the price of that; then it offers the general price.
	laneBlocks = 8
	// maxAttempts bounds the repetitions after a wrong sequence, a full mempool, a price of gas that has risen or a busy node.
	maxAttempts = 5
	pollEvery   = 250 * time.Millisecond
)

// Refusals of the Cosmos SDK itself (types/errors) that a sender understands.
const (
	sdkCodespace      = "sdk"
	codeInMempool     = 19
	codeMempoolFull   = 20
	codeWrongSequence = 32
)

// Refusals of x/feemarket that a sender understands.
const (
	feemarketCodespace = "feemarket"
	codeFeeTooLow      = 5
)

// errBusy means that a node has too many simulations to do.
var errBusy = errors.New("the node is busy")

// The simulated gas is multiplied by gasAdjustmentNum/gasAdjustmentDen. Blocks are bounded by the gas that is asked for, so it is small;
// between simulation and block little changes but the lengths of counters.
const gasAdjustmentNum, gasAdjustmentDen = 5, 4

// ErrExpired means that a transaction was not taken into a block within its lifetime, and can no longer be.
var ErrExpired = errors.New("the transaction expired before a block took it")

// TxError is the chain's refusal of a transaction, in simulation or in a block.
type TxError struct {
	Codespace string
	Code      uint32 // 0 if the refusal came from the simulation, which tells only the text
	Log       string
}

func (e *TxError) Error() string {
	if e.Code == 0 {
		return "the chain refuses: " + e.Log
	}
	return fmt.Sprintf("the chain refuses (%s %d): %s", e.Codespace, e.Code, e.Log)
}

// Refusals of x/compute that a sender understands.
const (
	computeCodespace = "compute"
	codeNoFault      = 48
	textNoFault      = "the seat did nothing wrong" // a simulation tells only the text
)

// IsNoFault reports whether an error is the chain's refusal of an accusation because the seat did nothing wrong.
func IsNoFault(err error) bool {
	var refused *TxError
	if !errors.As(err, &refused) {
		return false
	}
	return refused.Codespace == computeCodespace && refused.Code == codeNoFault || refused.Code == 0 && strings.Contains(refused.Log, textNoFault)
}

// TxResult is a transaction in a block.
type TxResult struct {
	Hash    string
	Height  int64
	GasUsed int64
}

// Sender sends one account's transactions, one after the other.
type Sender struct {
	Client     *Client
	Signer     *Signer
	ChainID    string
	FeeGranter string // empty if the account pays itself
	GasPrice   string // a decimal coin such as "0.0025ualita"; empty asks the node for its minimum
	MaxFee     uint64 // in ualita; DefaultMaxFee if zero
}

// DefaultMaxFee is the most that a transaction may cost unless somebody says otherwise, in ualita. The price of gas and the gas are
// the node's word, so without a bound one transaction could take all that the account has.
const DefaultMaxFee = 1_000_000

// Lane is a part of blocks that is kept for messages which jobs wait for, at a price of its own (app/lanes.go).
type Lane int

const (
	LaneGeneral       Lane = iota
	LaneSeats              // answers of drawn seats, at the least price
	LaneContributions      // what jobs wait for from owners
)

// Limits bound a transaction.
type Limits struct {
	NotAfter int64 // the last block in which it makes sense; 0 is no limit
	// MostGas is what the message can cost at most, after whatever others do before it in its block, and is asked for. If that
	// is 0, as it is not known, the simulated gas and a margin is.
	MostGas uint64
	// Lane is where the message belongs. It offers the price of its lane first. If no block takes it for that, it offers
	// what an ordinary transaction pays, or as much of that as the owner allows.
	Lane Lane
}

// Send simulates, signs and broadcasts a message and waits until a block holds it. The errors are *TxError,
// ErrExpired, or errors of the connection. After one of the connection the transaction may still get into a block
// until its lifetime ends, so callers ask the chain.
func (s *Sender) Send(ctx context.Context, msg proto.Message, limits Limits) (TxResult, error) {
	if limits.Lane != LaneGeneral && s.GasPrice == "" {
		res, err := s.send(ctx, msg, limits, s.lanePrice)
		if !errors.Is(err, ErrExpired) && !isDear(err) {
			return res, err
		}
		// Its lane is full, or dearer than it was said to be.
	}
	return s.send(ctx, msg, limits, s.generalPrice)
}

// offer is what a transaction offers for gas, and for how many blocks.
type offer func(ctx context.Context, gas uint64, limits Limits) (fee Coin, lifetime int64, err error)

func (s *Sender) send(ctx context.Context, msg proto.Message, limits Limits, offer offer) (TxResult, error) {
	var err error
	for range maxAttempts {
		var raw []byte
		var timeout int64
		raw, timeout, err = s.prepare(ctx, msg, limits, offer)
		if err == nil {
			err = s.broadcast(ctx, raw)
		}
		switch {
		case err == nil:
			return s.await(ctx, raw, timeout)
		case !retryable(err):
			return TxResult{}, err
		}
		if err := sleep(ctx, pollEvery); err != nil {
			return TxResult{}, err
		}
	}
	return TxResult{}, err
}

// prepare signs with the account's present sequence and the simulated gas.
func (s *Sender) prepare(ctx context.Context, msg proto.Message, limits Limits, offer offer) (raw []byte, timeout int64, err error) {
	now, err := s.Client.Status(ctx)
	if err != nil {
		return nil, 0, err
	}
	number, sequence, err := s.Client.Account(ctx, s.Signer.Address())
	if errors.Is(err, ErrNotFound) {
		return nil, 0, fmt.Errorf("account of the sender: expected one on the chain, got none; grant it fees or send it coins: %w", err)
	}
	if err != nil {
		return nil, 0, err
	}
	e := Envelope{
		ChainID: s.ChainID, AccountNumber: number, Sequence: sequence, FeeGranter: s.FeeGranter, TimeoutHeight: uint64(now.Height + lifetimeBlocks),
	}
	trial, err := s.Signer.ForSimulation(msg, e)
	if err != nil {
		return nil, 0, err
	}
	if e.Gas, err = s.gas(ctx, trial, limits); err != nil {
		return nil, 0, err
	}
	fee, lifetime, err := offer(ctx, e.Gas, limits)
	if err != nil {
		return nil, 0, err
	}
	timeout = now.Height + lifetime
	if limits.NotAfter > 0 {
		timeout = min(timeout, limits.NotAfter)
	}
	e.Fee, e.TimeoutHeight = fee, uint64(timeout)
	raw, err = s.Signer.Sign(msg, e)
	return raw, timeout, err
}

// gas is what a transaction asks for.
func (s *Sender) gas(ctx context.Context, trial []byte, limits Limits) (uint64, error) {
	used, err := s.Client.simulate(ctx, trial)
	switch {
	case limits.MostGas > 0 && (err == nil || errors.Is(err, errBusy)):
		return limits.MostGas, nil
	case err != nil:
		return 0, err
	}
	return used/gasAdjustmentDen*gasAdjustmentNum + gasAdjustmentNum, nil
}

// lanePrice offers what the lane of a message asks.
func (s *Sender) lanePrice(ctx context.Context, gas uint64, limits Limits) (Coin, int64, error) {
	price, err := s.Client.lanePrice(ctx, limits.Lane)
	if err != nil {
		return Coin{}, 0, err
	}
	fee, err := FeeFor(gas, price)
	if err != nil {
		return Coin{}, 0, err
	}
	return fee, laneBlocks, s.allowed(fee, gas, price)
}

// generalPrice offers what any transaction pays. A message with a lane can pay less, so it offers as much as is allowed.
func (s *Sender) generalPrice(ctx context.Context, gas uint64, limits Limits) (fee Coin, lifetime int64, err error) {
	price := s.GasPrice
	if price == "" {
		if price, err = s.Client.MinimumGasPrice(ctx); err != nil {
			return Coin{}, 0, err
		}
	}
	if fee, err = FeeFor(gas, price); err != nil {
		return Coin{}, 0, err
	}
	if limits.Lane != LaneGeneral && fee.Denom == feeDenom {
		fee.Amount = math.MinInt(fee.Amount, math.NewIntFromUint64(s.maxFee()))
	}
	return fee, lifetimeBlocks, s.allowed(fee, gas, price)
}

func (s *Sender) maxFee() uint64 {
	if s.MaxFee == 0 {
		return DefaultMaxFee
	}
	return s.MaxFee
}

// allowed accepts what the owner lets a transaction cost.
func (s *Sender) allowed(fee Coin, gas uint64, price string) error {
	if fee.IsZero() || fee.Denom == feeDenom && fee.Amount.LTE(math.NewIntFromUint64(s.maxFee())) {
		return nil
	}
	return fmt.Errorf("fee: expected at most %d%s (max_fee), got %s for %d gas at %.40q; set gas_price, or a higher max_fee",
		s.maxFee(), feeDenom, fee, gas, price)
}

func (c *Client) simulate(ctx context.Context, raw []byte) (gas uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.tx.Simulate(ctx, &txv1beta1.SimulateRequest{TxBytes: raw})
	if err != nil {
		switch status.Code(err) {
		// The service reports every refusal as Unknown; the other codes come from the connection.
		case codes.Unknown, codes.InvalidArgument, codes.FailedPrecondition, codes.NotFound, codes.PermissionDenied, codes.AlreadyExists:
			return 0, &TxError{Log: status.Convert(err).Message()}
		case codes.ResourceExhausted:
			return 0, fmt.Errorf("simulation: %w: %s", errBusy, status.Convert(err).Message())
		}
		return 0, describe("simulation", err)
	}
	return res.GetGasInfo().GetGasUsed(), nil
}

func (s *Sender) broadcast(ctx context.Context, raw []byte) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := s.Client.tx.BroadcastTx(ctx, &txv1beta1.BroadcastTxRequest{TxBytes: raw, Mode: txv1beta1.BroadcastMode_BROADCAST_MODE_SYNC})
	if err != nil {
		return describe("broadcast", err)
	}
	r := res.GetTxResponse()
	if r.GetCode() == 0 || (r.Codespace == sdkCodespace && r.Code == codeInMempool) {
		return nil
	}
	return &TxError{Codespace: r.Codespace, Code: r.Code, Log: r.RawLog}
}

// await asks for the transaction until a block holds it, or no block can hold it any more.
func (s *Sender) await(ctx context.Context, raw []byte, timeout int64) (TxResult, error) {
	sum := sha256.Sum256(raw)
	hash := strings.ToUpper(hex.EncodeToString(sum[:]))
	for {
		// The height is asked first: a transaction that is not found after that is in no block up to it.
		now, err := s.Client.Status(ctx)
		if err != nil {
			return TxResult{}, err
		}
		call, cancel := context.WithTimeout(ctx, callTimeout)
		res, err := s.Client.tx.GetTx(call, &txv1beta1.GetTxRequest{Hash: hash})
		cancel()
		switch {
		case err == nil && res.GetTxResponse().GetCode() != 0:
			r := res.GetTxResponse()
			return TxResult{}, &TxError{Codespace: r.Codespace, Code: r.Code, Log: r.RawLog}
		case err == nil:
			return TxResult{Hash: hash, Height: res.GetTxResponse().GetHeight(), GasUsed: res.GetTxResponse().GetGasUsed()}, nil
		case status.Code(err) != codes.NotFound:
			return TxResult{}, describe("transaction "+hash, err)
		case now.Height > timeout+1:
			return TxResult{}, fmt.Errorf("%w (%s, block %d)", ErrExpired, hash, timeout)
		}
		if err := sleep(ctx, pollEvery); err != nil {
			return TxResult{}, err
		}
	}
}

// isDear reports whether a refusal means that somebody has to offer more.
func isDear(err error) bool {
	var refused *TxError
	if !errors.As(err, &refused) {
		return false
	}
	return refused.Codespace == feemarketCodespace && refused.Code == codeFeeTooLow ||
		refused.Codespace == sdkCodespace && refused.Code == codeMempoolFull
}

// retryable reports whether a refusal passes by itself: another sequence or price of gas meanwhile, a full mempool, or a busy
// node.
func retryable(err error) bool {
	if errors.Is(err, errBusy) {
		return true
	}
	var refused *TxError
	if !errors.As(err, &refused) {
		return false
	}
	if isDear(err) || refused.Codespace == sdkCodespace && refused.Code == codeWrongSequence {
		return true
	}
	return strings.Contains(refused.Log, "account sequence mismatch")
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
