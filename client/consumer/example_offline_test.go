package consumer_test

import (
	"fmt"
	"math/big"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
)

// A question is a program and its columns. It knows the input that owners get and how
// to read the sum of their vectors: here the number of values, their sum, and the sum
// of their squares.
func ExampleQuestion() {
	question := consumer.Question{Parameters: &analysis.Parameters{
		Program: "moments", Columns: []analysis.Column{{Name: "hours", Decimals: 1, Bits: 10}},
	}}
	session, err := question.Session()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.Job().Length, "slots,", session.MaxRounds(), "round")
	// Three owners have 7.5, 8.0 and 8.5 hours, in tenths.
	if err := session.Advance([]*big.Int{big.NewInt(3), big.NewInt(240), big.NewInt(19250)}, 3); err != nil {
		fmt.Println(err)
		return
	}
	result, err := session.Result()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Table.Header[:6])
	fmt.Println(result.Table.Rows[0][:6])
	// Output:
	// 3 slots, 1 round
	// [column count sum mean sd variance]
	// [hours 3 24.0 8 0.5 0.25]
}

// What no chain could make a job of is refused without one.
func ExampleRequest_Check() {
	request := consumer.Request{PoolID: 1}
	fmt.Println(request.Check())
	// Output: price: expected the price of a million operations, got none
}
