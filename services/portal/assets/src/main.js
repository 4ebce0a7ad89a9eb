// The script only improves pages that work without it. It keeps nothing in the browser's storage.
import './config.js'
import 'htmx.org'
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  Radios,
  ServiceNavigation,
  SkipLink,
} from 'govuk-frontend'
import { characterCount } from './french.js'

// ARIA gives radio buttons no aria-expanded, and the checkers say so.
class PlainRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute('aria-expanded')
  }
}

const components = [
  [Button, { preventDoubleClick: true }],
  [CharacterCount, characterCount],
  [Checkboxes],
  [ErrorSummary],
  [NotificationBanner],
  [PlainRadios],
  [ServiceNavigation],
  [SkipLink],
]

// start wakes the components that are on the page and not awake yet.
function start() {
  for (const [Component, config] of components) {
    const name = Component.moduleName
    const asleep = `[data-module~="${name}"]:not([data-${name}-init])`
    document.querySelectorAll(asleep).forEach((element) => new Component(element, config))
  }
}

document.body.classList.add('govuk-frontend-supported')
start()
document.addEventListener('htmx:after:swap', start)
