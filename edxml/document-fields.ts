import {
  bitField,
  choiceField,
  dayField,
  type Field,
  group,
  many,
  one,
  textField,
  texts,
  timeField,
  truthField,
  wholeField,
} from '#edxml/fields.ts';

const required = { required: true };

const organFields: Field[] = [
  textField('OrganId', 'organId', required),
  textField('OrganizationInCharge', 'inCharge'),
  textField('OrganName', 'name'),
  textField('OrganAdd', 'address'),
  textField('Email', 'email'),
  textField('Telephone', 'phone'),
  textField('Fax', 'fax'),
  textField('Website', 'website'),
];

export const staffFields: Field[] = [
  textField('Department', 'department'),
  textField('DepartmentId', 'departmentId'),
  textField('Staff', 'name'),
  textField('StaffId', 'staffId'),
  textField('Email', 'email'),
  textField('Mobile', 'mobile'),
];

const referenceFields: Field[] = [
  textField('OrganId', 'organId', required),
  textField('Code', 'code'),
  textField('DocumentId', 'documentId'),
  dayField('PromulgationDate', 'issuedOn'),
];

const otherInfo: Field[] = [
  wholeField('Priority', 'priority'),
  textField('SphereOfPromulgation', 'sphere'),
  textField('TyperNotation', 'typist'),
  wholeField('PromulgationAmount', 'copies'),
  wholeField('PageAmount', 'pages'),
  truthField('Direction', 'direction'),
  group('Appendixes', [texts('Appendix', 'appendixes')]),
];

const receiver: Field[] = [
  textField('OrganId', 'organId', required),
  choiceField('ReceiverType', 'change', { 0: 'removed', 1: 'added' }),
];
const replacement: Field[] = [
  textField('DocumentId', 'documentId', required),
  group('OrganIdList', [texts('OrganId', 'organIds')]),
];

/** `Bussiness` is how the standard spells it. */
const action: Field[] = [
  textField('DocumentId', 'documentId'),
  choiceField('BussinessDocType', 'kind', { 0: 'new', 1: 'revoke', 2: 'update', 3: 'replace' }),
  textField('BussinessDocReason', 'reason'),
  bitField('Paper', 'paper'),
  group('BussinessDocumentInfo', [
    bitField('DocumentInfo', 'documentChanged'),
    bitField('DocumentReceiver', 'receiversChanged'),
    group('ReceiverList', [many('Receiver', 'receivers', receiver)]),
  ]),
  group('ReplacementInfoList', [many('ReplacementInfo', 'replaces', replacement)]),
  one('StaffInfo', 'staff', staffFields),
];
const trace: Field[] = [textField('OrganId', 'organId', required), timeField('Timestamp', 'at')];

/** What `edXMLHeader` of a document holds, in the order of the reference SDK. */
export const documentFields: Field[] = [
  group(
    'MessageHeader',
    [
      one('From', 'from', organFields, required),
      many('To', 'to', organFields, required),
      textField('DocumentId', 'documentId', required),
      group('Code', [textField('CodeNumber', 'number'), textField('CodeNotation', 'notation')]),
      group(
        'PromulgationInfo',
        [textField('Place', 'place'), dayField('PromulgationDate', 'issuedOn', required)],
        required,
      ),
      group('DocumentType', [
        wholeField('Type', 'typeGroup'),
        wholeField('TypeDetail', 'typeDetail'),
        textField('TypeName', 'typeName'),
      ]),
      textField('Subject', 'subject', required),
      textField('Content', 'content'),
      one('SignerInfo', 'signer', [
        textField('Competence', 'competence'),
        textField('Position', 'position'),
        textField('FullName', 'name'),
      ]),
      dayField('DueDate', 'dueOn'),
      group('OtherInfo', otherInfo),
      many('ResponseFor', 'answers', referenceFields),
      wholeField('SteeringType', 'steering'),
      group('ResponseForTask', [texts('TaskCode', 'taskCodes')]),
      textField('ApplicationType', 'application'),
      group('ToPlaces', [texts('Place', 'toPlaces')]),
    ],
    required,
  ),
  group('TraceHeaderList', [one('Bussiness', 'action', action), many('TraceHeader', 'trace', trace)]),
];

/** What `edXMLHeader` of a status holds. */
export const statusFields: Field[] = [
  group(
    'MessageHeader',
    [
      one('From', 'from', organFields, required),
      one('ResponseFor', 'about', referenceFields, required),
      one('StaffInfo', 'staff', staffFields),
      textField('StatusCode', 'code', required),
      textField('Description', 'description'),
      timeField('Timestamp', 'at', required),
    ],
    required,
  ),
];
