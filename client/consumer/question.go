package consumer

import (
	"errors"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// Question is what is asked of a program: all that a session is made of, so that
// an interrupted run can make it again. One of its fields is set.
type Question struct {
	// Parameters are for a program that ships with this library.
	Parameters *analysis.Parameters `json:"parameters,omitempty"`
	// Foreign is for another one.
	Foreign *Foreign `json:"foreign,omitempty"`
}

// Foreign is a question to a program that this library knows nothing of. Its
// answer are the sums of the slots.
type Foreign struct {
	// Program is the program's id on the chain.
	Program string `json:"program,omitempty"`
	// Columns are read by the program in this order.
	Columns []analysis.Column `json:"columns"`
	// Own is the input of the program after the header of the columns.
	Own []byte `json:"own"`
	// Length is the number of slots of its vector.
	Length int `json:"length"`
	// Ranges are those of a row program's slots, with their noise, and MicroRho is what a row may disclose of itself, in millionths of rho; nil
	// and 0 for a program that takes batches.
	Ranges   terms.Ranges `json:"ranges,omitempty"`
	MicroRho uint64       `json:"micro_rho,omitempty"`
}

// among returns the question of a job with so many seats, from which the errors of an answer with noise follow.
func (q Question) among(seats uint32) Question {
	if q.Parameters != nil && q.Parameters.MicroRho > 0 {
		p := *q.Parameters
		p.Seats, q.Parameters = seats, &p
	}
	return q
}

// Session returns the reader's side of the question at its first round.
func (q Question) Session() (analysis.Session, error) {
	switch {
	case q.Parameters != nil && q.Foreign != nil:
		return nil, errors.New("question: expected parameters or a foreign program, got both")
	case q.Parameters != nil:
		return analysis.NewSession(*q.Parameters)
	case q.Foreign != nil && len(q.Foreign.Ranges) > 0:
		return analysis.NewRowSession("the program", nil, q.Foreign.Columns, q.Foreign.Own, q.Foreign.Ranges, q.Foreign.MicroRho)
	case q.Foreign != nil:
		return analysis.NewForeignSession("the program", nil, q.Foreign.Columns, q.Foreign.Own, q.Foreign.Length)
	}
	return nil, errors.New("question: expected parameters or a foreign program, got neither")
}

// columns are the columns that the program reads.
func (q Question) columns() []analysis.Column {
	switch {
	case q.Parameters != nil:
		return q.Parameters.Columns
	case q.Foreign != nil:
		return q.Foreign.Columns
	}
	return nil
}

// program returns the id of the program on the chain, and the program itself if it
// ships with this library.
func (q Question) program() (string, *programs.Program, error) {
	if q.Parameters == nil {
		return q.Foreign.Program, nil, types.ValidateProgramID(q.Foreign.Program)
	}
	session, err := q.Session()
	if err != nil {
		return "", nil, err
	}
	p := session.Program() // with noise it is the row program
	return p.Hash, &p, nil
}
