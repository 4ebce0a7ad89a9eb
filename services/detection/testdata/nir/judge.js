// Reads numbers, one a line, and writes what each library says of each: {"stdnum": "101…", "french-ssn": "110…"}.
const { FR } = require('stdnum').stdnum
const frenchSSN = require('french-ssn')

const numbers = require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1)
const says = accepts => numbers.map(n => (accepts(n) ? '1' : '0')).join('')

console.log(JSON.stringify({
  stdnum: says(n => FR.nir.validate(n).isValid),
  'french-ssn': says(n => frenchSSN.validate(n)),
}))
