/** What `config.schema.json` promises about this connector's settings. */
export interface MailSettings {
  /** Address of the admin service, `https://host:7071/service/admin/soap/`. */
  adminUrl: string;
  adminName: string;
  adminPassword: string;
  /** New accounts become `<username>@<domain>`; only this domain is listed. */
  domain: string;
  /** LDAP filter (RFC 4515) that listed accounts must also match, to leave shared mailboxes out. */
  listFilter?: string;
  smtpHost: string;
  smtpPort: number;
  smtpSecurity: 'starttls' | 'tls' | 'none';
  smtpUser?: string;
  smtpPassword?: string;
  /** Sender of every notice. */
  smtpFrom: string;
  /** 64 hex digits, shared with the mail server; not the connector's own: the sign-on opens mailboxes by it. */
  preauthKey?: string;
}
