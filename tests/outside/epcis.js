// usage: node epcis.js SCHEMA.JSON DOCUMENT.JSON
// Holds an exported log against the JSON schema of EPCIS 2.0, and then spoils it in turn, to see that each fault is refused: what
// cannot fail shows nothing. Exit 1 where the schema complains, or does not complain of what was spoilt.
const fs = require('fs');
const Ajv = require('ajv');
const formats = require('ajv-formats');

const [schema, text] = process.argv.slice(2).map((path) => fs.readFileSync(path, 'utf8'));
const ajv = new Ajv({strict: false, allErrors: false});
formats(ajv);
const validate = ajv.compile(JSON.parse(schema));

const whole = JSON.parse(text);
const events = whole.epcisBody.eventList;
const isGood = validate(whole);
console.log(`${process.argv[3]}: ${events.length} events, ${isGood ? 'valid' : 'invalid'}`);
if (!isGood) {
    console.log(validate.errors.slice(0, 5));
}

const spoil = {
    'no time of the event': (event) => delete event.eventTime,
    'a step that is no word': (event) => (event.bizStep = 'marching'),
    'a disposition that is no word': (event) => (event.disposition = 'fine'),
    'a member without a namespace': (event) => (event.sequence = 1),
    'a time that is none': (event) => (event.eventTime = '2026-13-01'),
    'a quantity in words': (event) => (event.quantityList = [{epcClass: 'https://a.b/class/c', quantity: 'many'}]),
    'an unknown action': (event) => (event.action = 'MOVE'),
    'no context': (event, document) => delete document['@context'],
};
const missed = Object.keys(spoil).filter((name) => {
    const copy = JSON.parse(text);
    spoil[name](copy.epcisBody.eventList.find((event) => event.type === 'ObjectEvent'), copy);
    return validate(copy);
});
missed.forEach((name) => console.log(`  not refused: ${name}`));
const types = new Set(events.map((event) => event.type));
const lacks = ['ObjectEvent', 'TransactionEvent', 'TransformationEvent', 'AggregationEvent'].filter((type) => !types.has(type));
lacks.forEach((type) => console.log(`  no ${type} among them`));
process.exit(isGood && missed.length + lacks.length === 0 ? 0 : 1);
